/** Fills in the defaults of a start: the default values of the variables, and the caller as the trigger. */
import type { Principal } from "#cloud/kernel/principal.ts";
import type { Declaration } from "#cloud/pipeline/declaration.ts";

export const defaults = (declaration: Declaration): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (declaration.variables ?? []).flatMap(({ name, defaultValue }) =>
      defaultValue === undefined ? [] : [[name, defaultValue]],
    ),
  );

export const callerOf = ({ principal }: { readonly principal: Principal }): string =>
  principal.kind === "service" ? principal.service : "arn" in principal ? principal.arn : "anonymous";
