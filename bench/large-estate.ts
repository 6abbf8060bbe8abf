/**
 * Measures one pipeline definition for a whole estate: the time to inspect, plan and synthesize hundreds of
 * services over dozens of environments, its growth with the environments, and the time of a template's
 * impact.
 */
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { performance } from "node:perf_hooks";
import { evaluateNew } from "#aws/template-module.ts";
import { packArtifact } from "#bin/input/pack.ts";
import { bundleTemplate } from "#bundle/bundle-templates.ts";
import { impactOf } from "#operate/templates/impact.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { Estate } from "#release/estate/estate.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";
import { cacheBucket } from "#release/names/deployed-names.ts";
import type { Line } from "#release/names/key.ts";
import type { Plan } from "#release/plan/plan.ts";
import { planArtifact } from "#release/template/plan-artifact.ts";
import type { LoadedTemplate } from "#release/template/template.ts";
import { bytesReader } from "#release/zip/range-reader.ts";
import { renderPipeline } from "#synth/render-pipeline.ts";
import { releaseTemplates } from "#templates/index.ts";
import { root } from "./lambda-bundles.ts";
import type { Findings, Measurement, MeasurementOptions } from "./measurement.ts";
import { spreadOf } from "./spread.ts";

const account = "111111111111";
const services = 300;
const region = "us-east-1";

const templates: readonly LoadedTemplate[] = releaseTemplates.map((template) => ({
  template,
  ref: { name: template.name, version: template.version, sha256: "0".repeat(64) },
}));

export const largeEstate: Measurement = {
  name: "fleet",
  about: "300 services over 36 environments: planned, synthesized, and compared with a new template version",
  run,
};

async function run({ rounds = 3, onStep }: MeasurementOptions): Promise<Findings> {
  const artifact = await sample("shop-sam");
  // The sample has no smoke test, because with one, 200 environments need more actions than a pipeline can
  // have.
  const growth = await grow(await sample("shop-sam", "smoke-test.sh"), rounds, onStep);
  const whole = await all(artifact, onStep);
  const load = await loading(rounds);
  const impact = await impacts(artifact, onStep);
  return {
    tables: [
      { title: "One service, as its environments grow", rows: growth },
      { title: `${services} services, 36 environments each (4 rungs of 9 clients)`, rows: whole.rows },
      { title: "Release templates", rows: load },
    ],
    claims: [
      {
        claim: `What a version would change on ${services} lines is known within 60 s`,
        seen: `${(impact / 1000).toFixed(1)} s, artifacts in memory`,
        holds: impact < 60_000,
      },
    ],
  };
}

/**
 * An estate with as many tenants as the environments need, each with two or four rungs. The last rung asks
 * for an approval.
 */
function estateOf(environments: number): Estate {
  const rungs = environments < 4 ? ["dev", "prod"] : ["dev", "qa", "uat", "prod"];
  const clients = Math.ceil(environments / rungs.length);
  const ladder = rungs.map(
    (name, index) =>
      `      - { name: ${name}, order: ${index + 1}, branches: ["**"], approval: ${name === "prod"}, protected: ${name === "prod"} }`,
  );
  const tenants = Array.from(
    { length: clients },
    (_, index) => `      c${index}: { account: "${String(200_000_000_000 + index)}" }`,
  );
  return parseEstate(
    `region: ${region}\ncentral: "101010101010"\nanchors:\n  fleet:\n    account: "${account}"\n    ladder:\n${ladder.join("\n")}\n    tenants:\n${tenants.join("\n")}\n`,
  );
}

async function sample(example: string, without?: string): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "kedge-fleet-"));
  try {
    await cp(join(root, "examples", example), folder, {
      recursive: true,
      filter: (path) => basename(path) !== without,
    });
    await using packed = await packArtifact(folder);
    return await readFile(packed.path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const lineOf = (index: number): Line => ({ account, app: `service-${index}`, branch: "main" });

async function planOf(
  estate: Estate,
  line: Line,
  artifact: Uint8Array,
  available = templates,
): Promise<Plan> {
  return (await planArtifact({ estate, line, reader: bytesReader(artifact), templates: available })).planned
    .plan;
}

const setting = {
  account,
  region,
  cacheBucket: cacheBucket(account, region),
  cacheKeyArn: `arn:aws:kms:${region}:${account}:key/fleet`,
};

async function timed<Made>(work: () => Promise<Made>): Promise<{ readonly made: Made; readonly ms: number }> {
  const begun = performance.now();
  const made = await work();
  return { made, ms: performance.now() - begun };
}

async function grow(artifact: Uint8Array, rounds: number, onStep: (step: string) => void) {
  const rows = [];
  for (const environments of [2, 4, 12, 36, 72, 100, 160, 200]) {
    const estate = estateOf(environments);
    const figures = { plan: [] as number[], synth: [] as number[] };
    let rejection: string | undefined;
    let size = { stages: 0, actions: 0, bytes: 0 };
    for (let round = 0; round <= rounds && rejection === undefined; round += 1) {
      try {
        const planned = await timed(() => planOf(estate, lineOf(round), artifact));
        const rendered = await timed(async () => renderPipeline(planned.made, setting));
        const { stages } = planned.made;
        const actions = stages.reduce((sum, each) => sum + each.actions.length, 0);
        size = { stages: stages.length, actions, bytes: rendered.made.length };
        if (round === 0) continue; // warms up
        figures.plan.push(planned.ms);
        figures.synth.push(rendered.ms);
      } catch (error) {
        if (!(error instanceof ReleaseError)) throw error;
        rejection = `${error.code}: ${error.message.split(": ").slice(1).join(": ")}`;
      }
    }
    onStep(`${environments} environments${rejection === undefined ? "" : ": refused"}`);
    rows.push({
      environments,
      "inspect and plan": rejection ?? spreadOf(figures.plan, "ms"),
      synthesize: rejection === undefined ? spreadOf(figures.synth, "ms") : "",
      stages: rejection === undefined ? size.stages : "",
      actions: rejection === undefined ? size.actions : "",
      "template KB": rejection === undefined ? Math.round(size.bytes / 1024) : "",
    });
  }
  return rows;
}

async function all(artifact: Uint8Array, onStep: (step: string) => void) {
  const estate = estateOf(36);
  const before = process.memoryUsage().rss;
  let peak = before;
  const digests = new Set<number>();
  const { ms: planning } = await timed(async () => {
    for (let index = 0; index < services; index += 1) await planOf(estate, lineOf(index), artifact);
  });
  onStep(`planned ${services} services`);
  const { ms: whole } = await timed(async () => {
    for (let index = 0; index < services; index += 1) {
      digests.add(renderPipeline(await planOf(estate, lineOf(index), artifact), setting).length);
      peak = Math.max(peak, process.memoryUsage().rss);
    }
  });
  onStep(`synthesized ${services} pipelines`);
  const megabytes = (bytes: number): number => Math.round(bytes / 1024 ** 2);
  return {
    rows: [
      {
        work: "inspect and plan",
        seconds: (planning / 1000).toFixed(1),
        "ms a service": (planning / services).toFixed(1),
        "peak MB": "",
      },
      {
        work: "inspect, plan and synthesize",
        seconds: (whole / 1000).toFixed(1),
        "ms a service": (whole / services).toFixed(1),
        "peak MB": `${megabytes(peak)} (${megabytes(before)} before)`,
      },
    ],
  };
}

async function loading(rounds: number) {
  const work = await mkdtemp(join(tmpdir(), "kedge-fleet-"));
  try {
    const rows = [];
    for (const { name } of releaseTemplates) {
      const { file } = await bundleTemplate(join(root, "release-templates"), name, work);
      const module = await readFile(file);
      const figures = [];
      for (let round = 0; round < rounds; round += 1) {
        // A module is evaluated once for each source text.
        const fresh = Buffer.concat([module, Buffer.from(`\n// ${round}`)]);
        figures.push((await timed(() => evaluateNew(fresh))).ms);
      }
      rows.push({
        template: name,
        "bundle KB": Math.round(module.length / 1024),
        "evaluated in": spreadOf(figures, "ms"),
      });
    }
    return rows;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Makes the comparison of `kedge template impact`, with the artifact in memory instead of S3. */
async function impacts(artifact: Uint8Array, onStep: (step: string) => void): Promise<number> {
  const estate = estateOf(36);
  const candidate = templates.find(({ ref }) => ref.name === "sam");
  if (candidate === undefined) throw new TypeError("There is no template sam.");
  const newer: LoadedTemplate = { ...candidate, ref: { ...candidate.ref, version: "1.1.0" } };
  const others = templates.filter((each) => each !== candidate);
  const { ms } = await timed(async () => {
    for (let index = 0; index < services; index += 1) {
      await impactOf({
        estate,
        line: lineOf(index),
        reader: bytesReader(artifact),
        now: templates,
        next: [...others, newer],
        candidate: newer,
      });
    }
  });
  onStep(`compared ${services} lines`);
  return ms;
}
