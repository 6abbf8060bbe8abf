/** Finds what lines that are no more have left in the accounts of an anchor, and removes it when asked to. */

import type { Applications } from "#ports/applications.ts";
import type { Artifacts } from "#ports/artifacts.ts";
import type { Clock } from "#ports/clock.ts";
import type { EstateFile } from "#ports/estate-file.ts";
import type { Leftovers } from "#ports/leftovers.ts";
import type { LineCache } from "#ports/line-cache.ts";
import type { Marks } from "#ports/marks.ts";
import type { PipelineStacks } from "#ports/pipeline-stacks.ts";
import type { Anchor, Estate } from "#release/estate/estate.ts";
import { regionsOf } from "#release/estate/regional.ts";
import { marksOf, marksPrefix, readMark } from "#release/line/marks.ts";
import { type Inventory, type Orphan, orphansOf } from "#release/line/orphans.ts";
import { formatKey, isResultKey, type Line, parseKey, resultKeys } from "#release/names/key.ts";
import { appStackPrefix, cacheKeys, lineName, pipelinePrefix } from "#release/names/names.ts";
import { expiryOf } from "./expiry.ts";

export type SweepWorld = {
  readonly account: string;
  readonly estate: EstateFile;
  readonly artifacts: Pick<Artifacts, "uploads">;
  readonly cache: Pick<LineCache, "lineNames" | "get" | "forget" | "forgetIn">;
  readonly marks: Pick<Marks, "list" | "remove">;
  readonly stacks: Pick<PipelineStacks, "remove">;
  readonly applications: Pick<Applications, "remove">;
  readonly leftovers: Leftovers;
  readonly clock: Clock;
};

export type Swept = Orphan & { readonly removed: boolean };

/** `id` names this sweep in the deletions it orders. */
export async function sweep(
  world: SweepWorld,
  { fix, id }: { readonly fix: boolean; readonly id: string },
): Promise<readonly Swept[]> {
  const estate = await world.estate.load();
  const anchor = estate.anchors.find(({ account }) => account === world.account);
  if (anchor === undefined) return [];
  const orphans = orphansOf(await inventoryOf(world, estate, anchor));
  const swept: Swept[] = [];
  for (const orphan of orphans) {
    const removed = fix && orphan.removable && !(await cameBack(world, orphan));
    if (removed) await remove(world, anchor, orphan, id);
    swept.push({ ...orphan, removed });
  }
  return swept;
}

/** What lines consist of is listed before the lines: a line that comes in between is known, and nothing of it an orphan. */
async function inventoryOf(world: SweepWorld, estate: Estate, anchor: Anchor): Promise<Inventory> {
  const { leftovers, account } = world;
  const [pipelineStacks, pipelines, artifactFolders, marks, ...inTargets] = await Promise.all([
    leftovers.pipelineStacks(pipelinePrefix),
    leftovers.pipelines(pipelinePrefix),
    leftovers.cacheFolders(pipelinePrefix),
    world.marks.list(marksPrefix),
    ...anchor.environments.map(async (environment) => {
      const names = await leftovers.appStacks(environment, `${appStackPrefix}${environment.name}-`);
      return names.map((name) => ({ environment: environment.name, name }));
    }),
  ]);
  const results: { key: string; name: string }[] = [];
  for await (const key of leftovers.results(account)) {
    const line = lineOfResult(key);
    if (line !== undefined) results.push({ key, name: lineName(line) });
  }
  const now = world.clock();
  const remembered = await world.cache.lineNames();
  const uploads: { name: string; alive: boolean }[] = [];
  for await (const { key, size, lastModified } of world.artifacts.uploads(account)) {
    const line = lineAt(key);
    if (line === undefined) continue;
    const alive = size > 0 && (expiryOf(estate, line, { lastModified }) ?? now) >= now;
    uploads.push({ name: lineName(line), alive });
  }
  return {
    ...{ pipelineStacks, pipelines, artifactFolders, results, remembered, uploads },
    marked: [...new Set(marks.flatMap(({ key }) => readMark(key)?.name ?? []))],
    appStacks: inTargets.flat(),
  };
}

/** A line's memory is written before anything else of it is made. */
const cameBack = async ({ cache }: SweepWorld, { kind, of }: Orphan): Promise<boolean> =>
  kind !== "memory" && kind !== "results" && (await cache.get(cacheKeys.line(of))) !== undefined;

async function remove(world: SweepWorld, anchor: Anchor, orphan: Orphan, id: string): Promise<void> {
  const { kind, name, of } = orphan;
  switch (kind) {
    case "application-stack": {
      const target = anchor.environments.find((each) => each.name === orphan.environment);
      if (target !== undefined) await world.applications.remove(target, name, id);
      return;
    }
    case "pipeline-stack":
      return world.stacks.remove(name, id);
    case "pipeline":
      return world.leftovers.removePipeline(name);
    case "artifacts":
      for (const region of regionsOf(anchor)) await world.cache.forgetIn(region, `${name}/`);
      return world.cache.forget(`${name}/`);
    case "memory":
      return world.cache.forget(cacheKeys.folder(of));
    case "marks":
      return world.marks.remove(await world.marks.list(marksOf(of)));
    case "results":
      return world.leftovers.removeResults(name.slice(0, -"latest.json".length));
    case "line":
  }
}

function lineAt(key: string): Line | undefined {
  try {
    const line = parseKey(key);
    return formatKey(line) === key ? line : undefined;
  } catch {
    return undefined;
  }
}

/** Of a `latest.json`; results of keys that are no line's have none. */
function lineOfResult(key: string): Line | undefined {
  const latest = "/latest.json";
  if (!isResultKey(key) || !key.endsWith(latest)) return undefined;
  const line = lineAt(`${key.slice("results/".length, -latest.length)}/latest.zip`);
  return line !== undefined && resultKeys(formatKey(line), "").latest === key ? line : undefined;
}
