/**
 * Checks that no principal can assume both the CI role and the approver role, where the estate sets
 * `separateDuties`.
 */

import { isObject } from "@kedge/local-cloud/cloudformation/json";
import { roles } from "#release/names/deployed-names.ts";
import type { Analysis } from "./analysis.ts";
import { type DeployedEstate, strings } from "./deployed-estate.ts";
import { mayBeOneCaller } from "./principal-overlap.ts";
import type { Violation } from "./violation.ts";

export const dutiesInvariant = {
  name: "separate-duties",
  sentence:
    "Where the estate sets separateDuties, no principal may assume both kedge-ci and kedge-approver: each role names its principals, and the two lists share none.",
};

export const separateDuties = ({
  accountRoles,
  estate,
}: Pick<Analysis, "accountRoles" | "estate">): readonly Violation[] =>
  accountRoles
    .filter((each) => each.separateDuties)
    .flatMap(({ account, label }) => {
      const uploaders = trusted(estate, account, roles.ci);
      const approvers = trusted(estate, account, roles.approver);
      return uploaders.flatMap((uploader) =>
        approvers
          .filter((approver) => mayBeOneCaller(uploader, approver))
          .map((approver) => ({
            invariant: dutiesInvariant.name,
            says: `In ${label}, ${uploader} may upload and ${approver} may approve, and one principal can be both.`,
            path: [
              `${uploader} assumes ${roles.ci} of ${label}: uploads an artifact`,
              `${approver} assumes ${roles.approver} of ${label}: approves its own artifact`,
            ],
          })),
      );
    });

const trusted = (
  { roles: all, policies }: DeployedEstate,
  account: string,
  name: string,
): readonly string[] => {
  const role = all.find((each) => each.account === account && each.name === name);
  return (policies.get(role?.trust ?? "")?.statements ?? []).flatMap(({ Principal }) =>
    isObject(Principal) ? strings(Principal["AWS"]) : [],
  );
};
