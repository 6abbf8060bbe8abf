/** Lets the anchor find orphans of removed lines, and remove them when `fix` is set. */
import type { OrphanCollector } from "#ports/orphan-collector.ts";
import type { CollectedOrphan } from "#release/line/orphans.ts";
import { OperateError } from "./operate-error.ts";

export async function collectOrphans(
  { collector }: { readonly collector: OrphanCollector },
  order: { readonly fix: boolean },
): Promise<readonly CollectedOrphan[]> {
  const answer = await collector.collect(order);
  if ("orphans" in answer) return answer.orphans;
  throw new OperateError("CollectionFailed", answer.failed);
}
