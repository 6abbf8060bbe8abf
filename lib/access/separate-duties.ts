/** Where the estate asks for it, who uploads does not approve: nobody can come to hold both roles. */

import { isObject } from "@kedge/local-cloud/cloudformation/json";
import { roles } from "#release/names/deployed-names.ts";
import type { Analysis } from "./analysis.ts";
import type { Violation } from "./violation.ts";
import { strings, type World } from "./world.ts";

export const dutiesInvariant = {
  name: "separate-duties",
  sentence:
    "Where the estate sets separateDuties, nobody may assume both kedge-ci and kedge-approver: both name their principals, and share none.",
};

export const separateDuties = ({
  standings,
  world,
}: Pick<Analysis, "standings" | "world">): readonly Violation[] =>
  standings
    .filter((each) => each.separateDuties)
    .flatMap(({ account, label }) => {
      const uploaders = trusted(world, account, roles.ci);
      const approvers = trusted(world, account, roles.approver);
      return uploaders.flatMap((uploader) =>
        approvers
          .filter((approver) => overlaps(uploader, approver))
          .map((approver) => ({
            invariant: dutiesInvariant.name,
            says: `In ${label}, ${uploader} may upload and ${approver} may approve, and one may be both.`,
            path: [
              `${uploader} assumes ${roles.ci} of ${label}: uploads an artifact`,
              `${approver} assumes ${roles.approver} of ${label}: approves its own artifact`,
            ],
          })),
      );
    });

const trusted = ({ roles: all, policies }: World, account: string, name: string): readonly string[] => {
  const role = all.find((each) => each.account === account && each.name === name);
  return (policies.get(role?.trust ?? "")?.statements ?? []).flatMap(({ Principal }) =>
    isObject(Principal) ? strings(Principal["AWS"]) : [],
  );
};

/** An account as a principal means everybody in it whom its own policies let. */
function overlaps(one: string, other: string): boolean {
  if (one === other) return true;
  const account = (arn: string): string | undefined => arn.split(":")[4];
  const wholeAccount = [one, other].some((arn) => arn.endsWith(":root"));
  return wholeAccount && account(one) === account(other);
}
