/** The report of `kedge access` on an estate whose policies have other statements. */
import type { Analysis } from "#access/analysis.ts";
import { objections, said } from "#access/check.ts";
import type { DeployedEstate, Statement } from "#access/deployed-estate.ts";
import type { Overrides } from "#access/document-reader.ts";
import { idleGrants } from "#access/idle-grants.ts";
import { openStatements } from "#access/open-statements.ts";
import { peopleTrusts } from "#access/people-trusts.ts";
import type { Violation } from "#access/violation.ts";

/** The violations by the calls that became possible, and by the policies that changed. */
export const reported = (analysis: Analysis, overrides: Overrides): readonly Violation[] => [
  ...objections(analysis.relation.change(overrides).gained, analysis).map(({ invariant, probe, says }) => ({
    ...{ invariant, says: `${said(probe)}: ${says}`, path: [] },
  })),
  ...read(analysis, overrides),
];

/** The violations that reading the changed policies shows, also where another policy stops each call. */
export function read(analysis: Analysis, overrides: Overrides): readonly Violation[] {
  const { relation, accountRoles } = analysis;
  const estate = withStatements(analysis.estate, overrides);
  const policies = new Map([...estate.policies].filter(([key]) => overrides.has(key)));
  return [
    ...openStatements({ ...estate, policies }),
    ...idleGrants({ estate: { ...estate, policies }, relation }),
    ...peopleTrusts({ accountRoles, estate }),
  ];
}

const withStatements = (estate: DeployedEstate, overrides: Overrides): DeployedEstate => ({
  ...estate,
  policies: new Map(
    [...estate.policies].map(([key, policy]) => {
      const statements = overrides.get(key);
      return [key, statements === undefined ? policy : { ...policy, statements }];
    }),
  ),
});

/** Changes each statement of the policies of one source. An edit that changes no statement is an error of the test. */
export function edited(
  { policies }: DeployedEstate,
  source: string,
  edit: (statement: Statement) => Statement,
): Overrides {
  const overrides = new Map<string, readonly Statement[]>();
  for (const { key, source: of, statements } of policies.values()) {
    if (of !== source) continue;
    const after = statements.map(edit);
    if (after.some((each, at) => each !== statements[at])) overrides.set(key, after);
  }
  if (overrides.size === 0) throw new Error(`No statement of ${source} has changed.`);
  return overrides;
}
