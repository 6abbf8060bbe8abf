/** Finds statements with a wildcard in the principal. They are too open to be checked call by call. */

import { type DeployedEstate, type Statement, strings } from "./deployed-estate.ts";
import type { Violation } from "./violation.ts";

export const openInvariant = {
  name: "named-principals",
  sentence:
    "A policy on a role or a resource allows only principals that it names. Only a Deny may concern every principal.",
};

export const openStatements = ({ policies }: DeployedEstate): readonly Violation[] =>
  [...policies.values()].flatMap(({ kind, source, statements }) =>
    kind === "identity" || kind === "boundary"
      ? []
      : statements.flatMap((statement, index) =>
          isOpen(statement)
            ? [
                {
                  invariant: openInvariant.name,
                  says: `${source}#${index} allows every principal.`,
                  path: [],
                },
              ]
            : [],
        ),
  );

export function isOpen({ Effect, Principal, NotPrincipal }: Statement): boolean {
  if (Effect !== "Allow") return false;
  if (NotPrincipal !== undefined || Principal === undefined) return true;
  const named = typeof Principal === "string" ? [Principal] : Object.values(Principal ?? {}).flatMap(strings);
  return named.some((each) => /[*?]/.test(each));
}
