/** Lists the environments that each branch of an estate may reach, and the rules of its class. */
import { type BranchClass, classOf } from "#release/estate/branch-class.ts";
import type { Anchor, Estate } from "#release/estate/estate.ts";
import { environmentsFor, type Reach } from "#release/traits/targets.ts";

export type BranchReach = {
  readonly branch: string;
  readonly class: BranchClass;
  readonly targets: Reach["targets"];
  readonly tombstoneAllowed: boolean;
  /** Days after the last upload until the line is torn down; undefined for a line that stays. */
  readonly ttlDays: number | undefined;
};

export const branchReaches = (
  estate: Estate,
  { account }: Pick<Anchor, "account">,
  branches: readonly string[],
): readonly BranchReach[] =>
  branches.map((branch) => {
    const { targets, tombstone } = environmentsFor(estate, { account, app: "app", branch });
    const stays = targets.some((target) => target.protected);
    return {
      ...{ branch, targets, class: classOf(estate, { branch }), tombstoneAllowed: tombstone.allowed },
      ttlDays: stays ? undefined : estate.ttlDays[classOf(estate, { branch })],
    };
  });
