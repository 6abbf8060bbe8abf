/** Checks that no role of Kedge but the execution role reads a secret's value. */
import { roles } from "#release/names/deployed-names.ts";
import type { Invariant } from "./invariant.ts";

const reads: readonly string[] = ["secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue"];

export const secretsRead: Invariant = {
  name: "secrets-read",
  sentence:
    "Of Kedge's roles, only kedge-cloudformation reads the value of a secret, for the stack that it makes.",
  objection: ({ action, actor }) =>
    actor.kind === "role" && actor.name !== roles.cloudformation && reads.includes(action)
      ? "a value that a role of Kedge reads could reach a result or a log"
      : undefined,
};
