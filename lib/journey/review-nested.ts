/** The changes and added permissions of nested stacks, with the paths of their stacks before the logical ids. */
import type { ChangeSets } from "#ports/change-sets.ts";
import type { AccountInRegion } from "#ports/target.ts";
import { readTemplate } from "#release/document/template-document.ts";
import type { ReviewedStack } from "#release/review/review.ts";
import { wideningsIn } from "#release/review/widening.ts";
import type { NestedTemplate } from "./nested-templates.ts";

export async function reviewedNested(
  changeSets: Pick<ChangeSets, "deployed">,
  target: AccountInRegion,
  below: readonly NestedTemplate[],
): Promise<Pick<ReviewedStack, "changes" | "widenings">> {
  const each = await Promise.all(
    below.map(async ({ path, set, template, stack }) => {
      const deployed = stack === undefined ? undefined : await changeSets.deployed(target, stack);
      const before = deployed === undefined ? undefined : readTemplate(deployed, path);
      const within = <Item extends { readonly logicalId: string }>(item: Item): Item => ({
        ...item,
        logicalId: `${path}/${item.logicalId}`,
      });
      return {
        changes: set.changes.map(within),
        widenings: wideningsIn(before, readTemplate(template, path), {
          account: target.account,
          region: target.region,
          values: { ...set.parameters, ...set.resolved },
        }).map(within),
      };
    }),
  );
  return {
    changes: each.flatMap(({ changes }) => changes),
    widenings: each.flatMap(({ widenings }) => widenings),
  };
}
