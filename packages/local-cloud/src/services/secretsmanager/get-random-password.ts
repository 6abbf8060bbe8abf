/** GetRandomPassword returns a random password with the requested length and characters. */
import { randomInt } from "node:crypto";
import { invalidParameter } from "./errors.ts";
import type { SecretOperation } from "./state.ts";

const KINDS = {
  ExcludeLowercase: "abcdefghijklmnopqrstuvwxyz",
  ExcludeUppercase: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  ExcludeNumbers: "0123456789",
  ExcludePunctuation: "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
} as const;

export const getRandomPassword: SecretOperation<"GetRandomPassword"> = {
  access: () => ({ action: "secretsmanager:GetRandomPassword", resource: "*" }),
  run: (input) => {
    const length = input.PasswordLength ?? 32;
    const excluded = new Set(input.ExcludeCharacters ?? "");
    const kinds = Object.entries(KINDS)
      .filter(([flag]) => !input[flag as keyof typeof KINDS])
      .map(([, characters]): string => characters)
      .concat(input.IncludeSpace ? [" "] : [])
      .map((characters) => [...characters].filter((character) => !excluded.has(character)))
      .filter((characters) => characters.length > 0);
    const all = kinds.flat();
    const each = input.RequireEachIncludedType ?? true;
    if (!Number.isInteger(length) || length < 1 || length > 4096)
      throw invalidParameter("PasswordLength must be between 1 and 4096.");
    if (all.length === 0 || (each && kinds.length > length))
      throw invalidParameter(
        "The password can't be made of what is left: allow more characters or a greater length.",
      );
    const pick = (from: readonly string[]): string => from[randomInt(from.length)] ?? "";
    const password = Array.from({ length }, (_, index) => pick(each ? (kinds[index] ?? all) : all));
    for (let at = password.length - 1; at > 0; at -= 1) {
      const other = randomInt(at + 1);
      [password[at], password[other]] = [password[other] ?? "", password[at] ?? ""];
    }
    return { RandomPassword: password.join("") };
  },
};
