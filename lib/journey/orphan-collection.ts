/** Finds resources of removed lines in an anchor's accounts, and removes them when `fix` is set. */

import type { Applications } from "#ports/applications.ts";
import type { Artifacts } from "#ports/artifacts.ts";
import type { Clock } from "#ports/clock.ts";
import type { EstateFile } from "#ports/estate-file.ts";
import type { Leftovers } from "#ports/leftovers.ts";
import type { LineCache } from "#ports/line-cache.ts";
import type { PipelineStacks } from "#ports/pipeline-stacks.ts";
import type { SlotRecords } from "#ports/slot-records.ts";
import type { Anchor, Estate } from "#release/estate/estate.ts";
import { regionsOf } from "#release/estate/regional.ts";
import { type CollectedOrphan, type Inventory, type Orphan, orphansOf } from "#release/line/orphans.ts";
import { readSlotRecord, slotRecordsOf, slotRecordsPrefix } from "#release/line/slot-records.ts";
import { applicationPrefix, folders, pipelinePrefix } from "#release/names/deployed-names.ts";
import { formatKey, isResultKey, type Line, lineOfKey, resultKeys } from "#release/names/key.ts";
import { cacheKeys, isLineCode, lineName } from "#release/names/names.ts";
import { expiryOf } from "./expiry.ts";
import { removeRecord } from "./line-record.ts";

type CollectDeps = {
  readonly account: string;
  readonly estate: EstateFile;
  readonly artifacts: Pick<Artifacts, "uploads">;
  readonly cache: Pick<LineCache, "lineNames" | "get" | "remove" | "removeIn">;
  readonly slotRecords: Pick<SlotRecords, "list" | "remove">;
  readonly stacks: Pick<PipelineStacks, "remove">;
  readonly applications: Pick<Applications, "remove">;
  readonly leftovers: Leftovers;
  readonly clock: Clock;
};

/** `id` identifies this run in the tokens of its deletions. */
export async function collectOrphans(
  deps: CollectDeps,
  { fix, id }: { readonly fix: boolean; readonly id: string },
): Promise<readonly CollectedOrphan[]> {
  const estate = await deps.estate.load();
  const anchor = estate.anchors.find(({ account }) => account === deps.account);
  if (anchor === undefined) return [];
  const orphans = orphansOf(await inventoryOf(deps, estate, anchor));
  const collected: CollectedOrphan[] = [];
  for (const orphan of orphans) {
    const removed = fix && orphan.removable && !(await cameBack(deps, orphan));
    if (removed) await remove(deps, anchor, orphan, id);
    collected.push({ ...orphan, removed });
  }
  return collected;
}

/** Lists resources before lines: a line that appears in between is known, so its resources are no orphans. */
async function inventoryOf(deps: CollectDeps, estate: Estate, anchor: Anchor): Promise<Inventory> {
  const { leftovers, account } = deps;
  const [pipelineStacks, pipelines, artifactFolders, slotRecords, ...inTargets] = await Promise.all([
    leftovers.pipelineStacks(pipelinePrefix),
    leftovers.pipelines(pipelinePrefix),
    leftovers.cacheFolders(pipelinePrefix),
    deps.slotRecords.list(slotRecordsPrefix),
    ...anchor.environments.map(async (environment) => {
      const names = await leftovers.appStacks(environment, applicationPrefix);
      return names.map((name) => ({ environment: environment.name, name }));
    }),
  ]);
  const results: { key: string; name: string }[] = [];
  for await (const key of leftovers.results(account)) {
    const line = lineOfResult(key);
    if (line !== undefined) results.push({ key, name: lineName(line) });
  }
  const now = deps.clock();
  const remembered = await deps.cache.lineNames();
  const uploads: { name: string; alive: boolean }[] = [];
  for await (const { key, size, lastModified } of deps.artifacts.uploads(account)) {
    const line = lineOfKey(key);
    if (line === undefined) continue;
    const alive = size > 0 && (expiryOf(estate, line, { lastModified }) ?? now) >= now;
    uploads.push({ name: lineName(line), alive });
  }
  return {
    ...{ pipelineStacks, pipelines, artifactFolders, results, remembered, uploads },
    withSlotRecord: [...new Set(slotRecords.flatMap(({ key }) => readSlotRecord(key)?.name ?? []))],
    appStacks: inTargets.flat(),
  };
}

/** A line's record in the cache is written before any other resource of the line. */
const cameBack = async ({ cache }: CollectDeps, { kind, of }: Orphan): Promise<boolean> =>
  kind !== "memory" &&
  kind !== "results" &&
  (await cache.get(isLineCode(of) ? cacheKeys.record(of) : cacheKeys.line(of))) !== undefined;

async function remove(deps: CollectDeps, anchor: Anchor, orphan: Orphan, id: string): Promise<void> {
  const { kind, name, of } = orphan;
  switch (kind) {
    case "application-stack": {
      const target = anchor.environments.find((each) => each.name === orphan.environment);
      if (target !== undefined) await deps.applications.remove(target, name, id);
      return;
    }
    case "pipeline-stack":
      return deps.stacks.remove(name, id);
    case "pipeline":
      return deps.leftovers.removePipeline(name);
    case "artifacts":
      for (const region of regionsOf(anchor)) await deps.cache.removeIn(region, `${name}/`);
      return deps.cache.remove(`${name}/`);
    case "memory":
      await removeRecord(deps.cache, of);
      return deps.cache.remove(cacheKeys.folder(of));
    case "marks":
      return deps.slotRecords.remove(await deps.slotRecords.list(slotRecordsOf(of)));
    case "results":
      return deps.leftovers.removeResults(name.slice(0, -"latest.json".length));
    case "line":
  }
}

/** The line of a `latest.json`; undefined for a key that belongs to no line. */
function lineOfResult(key: string): Line | undefined {
  const latest = "/latest.json";
  if (!isResultKey(key) || !key.endsWith(latest)) return undefined;
  const line = lineOfKey(`${key.slice(folders.results.length, -latest.length)}/latest.zip`);
  return line !== undefined && resultKeys(formatKey(line), "").latest === key ? line : undefined;
}
