/**
 * Computes the impact of an estate before it is published: it plans every live line under the published estate
 * and under the new one, each with the release templates that the estate gives the line, and compares.
 */
import { ReleaseError } from "#release/errors/errors.ts";
import type { Estate } from "#release/estate/estate.ts";
import type { Loosening } from "#release/estate/loosening/loosening.ts";
import { loosenings } from "#release/estate/loosening/loosenings.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import type { TemplateRef } from "#release/plan/plan.ts";
import {
  type EstateImpact,
  estateDifference,
  type LineUnderEstate,
} from "#release/template/estate-difference.ts";
import { furtherOffer } from "#release/template/further-versions.ts";
import { versionFor } from "#release/template/template-choice.ts";
import type { TemplateIndex } from "#release/template/template-index.ts";
import type { RangeReader } from "#release/zip/range-reader.ts";
import { inBatches } from "./in-batches.ts";
import { readResult } from "./read-result.ts";
import type { LinesDeps, RegistryDeps } from "./templates/deps.ts";
import { liveLines } from "./templates/live-lines.ts";
import { orReleaseError, planWith, readOnce } from "./templates/plan-line.ts";

export type EstateImpacts = {
  readonly loosenings: readonly Loosening[];
  readonly impacts: readonly EstateImpact[];
};

type ImpactDeps = LinesDeps & { readonly registry: Pick<RegistryDeps["registry"], "index" | "load"> };

export async function estateImpact(
  deps: ImpactDeps,
  next: Estate,
  onLine: (done: number, all: number) => void = () => undefined,
): Promise<EstateImpacts> {
  const live = await deps.estate.load();
  const index = await deps.registry.index();
  const lines = await liveLines(deps);
  let done = 0;
  const impacts = await inBatches(lines, async (line) => {
    const impact = await impactOn(deps, { live, next, index, line });
    done += 1;
    onLine(done, lines.length);
    return impact;
  });
  return {
    loosenings: loosenings(live, next),
    impacts: impacts.filter((each) => each !== undefined),
  };
}

type LineOrder = {
  readonly live: Estate;
  readonly next: Estate;
  readonly index: TemplateIndex;
  readonly line: Line;
};

/** Undefined for a line whose upload was removed meanwhile. */
async function impactOn(
  deps: ImpactDeps,
  { live, next, index, line }: LineOrder,
): Promise<EstateImpact | undefined> {
  const artifact = await deps.artifacts.newest(formatKey(line));
  if (artifact === undefined) return undefined;
  const own = (await readResult(deps.results, line, "latest"))?.template;
  const reader = readOnce(deps.artifacts.reader(artifact));
  const under = (estate: Estate) => planUnder(deps, { estate, index, line, own, reader });
  return estateDifference(line, await under(live), await under(next));
}

type UnderOrder = {
  readonly estate: Estate;
  readonly index: TemplateIndex;
  readonly line: Line;
  readonly own: TemplateRef | undefined;
  readonly reader: RangeReader;
};

async function planUnder(
  { registry }: ImpactDeps,
  { estate, index, line, own, reader }: UnderOrder,
): Promise<LineUnderEstate> {
  const anchor = estate.anchors.find(({ account }) => account === line.account);
  const templates = await orReleaseError(async () => {
    const refs = index.templates.flatMap(({ name }) => {
      const mine = own?.name === name ? { own } : {};
      return versionFor({ index, estate, line, name, ...mine }) ?? [];
    });
    return Promise.all(refs.map(registry.load));
  });
  if (templates instanceof ReleaseError) return { plan: templates, anchor };
  const further = furtherOffer({ index, estate, line }, registry.load);
  return { plan: await planWith({ estate, line, reader, further }, templates), anchor };
}
