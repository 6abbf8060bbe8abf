/** Refuses an existing function that the estate does not list in the environment. */
import { ReleaseError } from "#release/errors/errors.ts";
import type { Target } from "#release/traits/targets.ts";

/** Throws `FunctionNotAllowed` with the listed functions. */
export function allowedFunction(name: string, { environment, existingFunctions = [] }: Target): string {
  if (existingFunctions.includes(name)) return name;
  const listed = existingFunctions.join(", ") || "no function";
  const seen = `The settings for ${environment} name the function ${name}, which is not listed there.`;
  throw new ReleaseError("FunctionNotAllowed", `${seen} In ${environment} the estate lists ${listed}.`);
}

/** The name may be a parameter of the target's account. `Prepare` resolves it and refuses it then. */
export const isReference = (name: string): boolean => name.startsWith("${");
