/** Analyses the rights of all roles in an estate, and checks every invariant. */

import type { AccountRole } from "#access/account-role.ts";
import { type Analysis, analyse } from "#access/analysis.ts";
import type { CallTable } from "#access/calls/call-table.ts";
import { check } from "#access/check.ts";
import type { Deployment } from "#access/deployment.ts";
import { holdersOf } from "#access/holders.ts";
import { sentences } from "#access/invariants/sentences.ts";
import { rightsByName } from "#access/rights.ts";
import type { Violation } from "#access/violation.ts";
import type { Estate } from "#release/estate/estate.ts";
import { OperateError } from "./operate-error.ts";

export type AccessDeps = {
  /** The templates of every stack that the estate deploys. */
  readonly deployments: (estate: Estate) => Promise<readonly Deployment[]>;
  readonly accountRoles: (estate: Estate) => readonly AccountRole[];
  /** The calls that the Lambdas' code can send. */
  readonly calls: () => Promise<CallTable>;
};

export type AccessReport = {
  readonly rights: ReturnType<typeof rightsByName>;
  readonly holders: ReturnType<typeof holdersOf>;
  readonly invariants: readonly {
    readonly name: string;
    readonly sentence: string;
    readonly holds: boolean;
  }[];
  readonly violations: readonly Violation[];
};

export const analyseAccess = async (deps: AccessDeps, estate: Estate): Promise<Analysis> =>
  analyse({
    accountRoles: deps.accountRoles(estate),
    deployments: await deps.deployments(estate),
    calls: await deps.calls(),
  });

/** `principals` limits the rights to those of these names. Throws `PrincipalUnknown`. */
export async function accessReport(
  deps: AccessDeps,
  { estate, principals }: { readonly estate: Estate; readonly principals: readonly string[] },
): Promise<AccessReport> {
  const analysis = await analyseAccess(deps, estate);
  const violations = check(analysis);
  const { allowed } = analysis.relation;
  return {
    rights: rightsOf(rightsByName(allowed), principals),
    holders: holdersOf(allowed),
    invariants: sentences.map((each) => ({
      ...each,
      holds: !violations.some(({ invariant }) => invariant === each.name),
    })),
    violations,
  };
}

function rightsOf(rights: AccessReport["rights"], names: readonly string[]): AccessReport["rights"] {
  const unknown = names.filter((name) => !rights.has(name));
  if (unknown.length > 0)
    throw new OperateError(
      "PrincipalUnknown",
      `There is no ${unknown.join(", ")}; there are ${[...rights.keys()].join(", ")}.`,
    );
  return names.length === 0 ? rights : new Map([...rights].filter(([name]) => names.includes(name)));
}
