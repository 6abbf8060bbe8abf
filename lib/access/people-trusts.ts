/**
 * Checks that the roles of people and CIs admit exactly the principals that the estate names. Another principal would
 * upload or decide under a name that no document lists.
 */
import type { AccountRole } from "./account-role.ts";
import type { Analysis } from "./analysis.ts";
import type { Statement } from "./deployed-estate.ts";
import type { Violation } from "./violation.ts";

export const trustsInvariant = {
  name: "people-as-named",
  sentence:
    "kedge-ci, kedge-approver and kedge-operator admit exactly the principals and the session names that the estate names. Without names it is the anchor's account, whose own policies decide.",
};

export const peopleTrusts = ({
  accountRoles,
  estate,
}: Pick<Analysis, "accountRoles" | "estate">): readonly Violation[] =>
  accountRoles.flatMap(({ account, label, people = [] }) =>
    people.flatMap((person): readonly Violation[] => {
      const role = estate.roles.find((each) => each.account === account && each.name === person.role);
      const statements = estate.policies.get(role?.trust ?? "")?.statements ?? [];
      if (canonical(statements) === canonical([named(account, person)])) return [];
      return [
        {
          invariant: trustsInvariant.name,
          says: `${person.role} of ${label} does not admit exactly the principals that the estate names.`,
          path: statements.map((each) => JSON.stringify(each)),
        },
      ];
    }),
  );

type Person = NonNullable<AccountRole["people"]>[number];

const named = (account: string, { principals, sessionName }: Person): Statement => ({
  Effect: "Allow",
  Principal: { AWS: principals ?? [`arn:aws:iam::${account}:root`] },
  Action: ["sts:AssumeRole", ...(sessionName === undefined ? [] : ["sts:SetSourceIdentity"])],
  ...(sessionName !== undefined && {
    Condition: { StringEquals: { "sts:RoleSessionName": `\${${sessionName}}` } },
  }),
});

/** The same text for equal statements: members in the order of their names, and each list sorted. */
const canonical = (statements: readonly Statement[]): string =>
  JSON.stringify(statements, (_name, value: unknown) => {
    if (Array.isArray(value) && value.every((each) => typeof each === "string")) return [...value].sort();
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value;
  });
