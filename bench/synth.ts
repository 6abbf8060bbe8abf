/**
 * Measures a changed plan: the reconcile Lambda loads the CDK and renders it. The comparison is a whole
 * process of `cdk synth`.
 */
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { measureFresh, runFresh } from "./fresh.ts";
import { bundleDoor, type MeasuredBundle, root } from "./lambda-bundles.ts";
import { lambdaEnvironment } from "./lambda-environment.ts";
import type { Findings, Measurement, MeasurementOptions } from "./measurement.ts";
import { samplePlan } from "./sample-plan.ts";
import { interleave, spreadOf } from "./spread.ts";

/**
 * The script of a fresh `node`: it loads the Lambda, and then measures the additional time of a changed plan.
 */
const render = `
const [door, chunk, order, output] = process.argv.slice(1);
const { readFileSync, writeFileSync } = await import("node:fs");
const { plan, setting } = JSON.parse(readFileSync(order, "utf8"));
await import(door);
const begun = performance.now();
const { renderPipeline } = await import(chunk);
const template = renderPipeline(plan, setting);
const first = performance.now() - begun;
const again = performance.now();
renderPipeline(plan, setting);
const warm = performance.now() - again;
writeFileSync(output, template);
console.log(JSON.stringify({ first, warm, rss: process.memoryUsage.rss() / 2 ** 20 }));
`;

export const synth: Measurement = {
  name: "synth",
  about: "a changed plan: load and render in the reconcile Lambda against a whole-process cdk synth",
  run,
};

async function run({ rounds = 7, onStep }: MeasurementOptions): Promise<Findings> {
  const work = await mkdtemp(join(tmpdir(), "kedge-bench-"));
  try {
    const order = join(work, "order.json");
    const { plan, setting } = await samplePlan();
    await writeFile(order, JSON.stringify({ plan, setting }));
    const door = await bundleDoor("reconcile", work);
    const rendered = join(work, "rendered.json");
    const inLambda = ["--input-type=module", "--eval", render, door.entry, synthChunk(door), order, rendered];
    const app = await compileApp(work);
    onStep("bundled the Lambda and compiled the app");
    const figures = await interleave(rounds, {
      lambda: async () => {
        const begun = performance.now();
        const figures = await measureFresh<Rendering>({ args: inLambda, env: lambdaEnvironment });
        return { ...figures, whole: performance.now() - begun };
      },
      cdk: async () => ({ ...nothing, whole: (await cdkSynth({ app, order, work })).ms }),
      lean: async () => ({ ...nothing, whole: (await cdkSynth({ app, order, work, lean: true })).ms }),
    });
    const of = (
      variant: keyof typeof figures,
      figure: keyof (typeof figures)["lambda"][number],
      unit = "ms",
    ) =>
      spreadOf(
        figures[variant].map((measured) => measured[figure]),
        unit,
      );
    const first = of("lambda", "first");
    const lean = of("lean", "whole");
    const same = await sameResources(rendered, join(work, "cdk.out", "Pipeline.template.json"));
    const actions = plan.stages.reduce((sum, stage) => sum + stage.actions.length, 0);
    return {
      tables: [
        {
          title: `A plan of ${plan.stages.length} stages and ${actions} actions as a template, ${rounds} fresh processes each, interleaved`,
          rows: [
            { what: "reconcile, loaded: load the CDK chunk and render", time: first },
            { what: "reconcile, loaded: render again", time: of("lambda", "warm") },
            {
              what: "reconcile as a whole process: node, door, chunk, two renderings",
              time: of("lambda", "whole"),
            },
            { what: "cdk synth without the CDK's validation of templates, whole process", time: lean },
            { what: "cdk synth as it comes, whole process", time: of("cdk", "whole") },
          ],
        },
        {
          title: "Memory of the reconcile Lambda's process after rendering",
          rows: [{ what: "reconcile with the CDK chunk", RSS: of("lambda", "rss", "MiB") }],
        },
      ],
      claims: [
        {
          claim: "A changed plan costs less than a whole-process cdk synth, even without its validation",
          seen: `${(lean.median / first.median).toFixed(1)}× as quick`,
          holds: first.max < lean.min,
        },
        { claim: "Both render the same template", seen: same ? "equal" : "different", holds: same },
      ],
    };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

const nothing: Rendering = { first: 0, warm: 0, rss: 0 };

type Rendering = { readonly first: number; readonly warm: number; readonly rss: number };

/** Finds the chunk of `await import("#synth/render-pipeline.ts")`. */
function synthChunk({ metafile }: MeasuredBundle): string {
  const [file = ""] =
    Object.entries(metafile.outputs).find(([, { entryPoint }]) =>
      entryPoint?.endsWith("render-pipeline.ts"),
    ) ?? [];
  return join(root, file);
}

/**
 * Compiles the app to JavaScript beforehand, because compiling TypeScript is not part of the comparison. The
 * CDK stays a package.
 */
async function compileApp(work: string): Promise<string> {
  const outfile = join(work, "app.mjs");
  await symlink(join(root, "node_modules"), join(work, "node_modules"));
  await build({
    entryPoints: [join(root, "bench", "synth-app.ts")],
    absWorkingDir: root,
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node24",
    external: ["aws-cdk-lib", "constructs"],
    logLevel: "silent",
  });
  return outfile;
}

type AppOrder = {
  readonly app: string;
  readonly order: string;
  readonly work: string;
  readonly lean?: boolean;
};

/** Runs without telemetry and notices, so that it waits for no network. */
const cdkSynth = ({ app, order, work, lean }: AppOrder) =>
  runFresh({
    args: [
      join(root, "node_modules", "aws-cdk", "bin", "cdk"),
      "synth",
      "--quiet",
      "--no-notices",
      "--no-version-reporting",
      "--no-path-metadata",
      "--app",
      `${process.execPath} ${app} ${order}${lean ? " lean" : ""}`,
      "--output",
      join(work, "cdk.out"),
    ],
    cwd: work,
    env: { CDK_DISABLE_CLI_TELEMETRY: "true" },
  });

async function sameResources(...files: readonly [string, string]): Promise<boolean> {
  const [one, other] = await Promise.all(
    files.map(async (file) =>
      JSON.stringify((JSON.parse(await readFile(file, "utf8")) as Template).Resources),
    ),
  );
  return one !== undefined && one === other;
}

type Template = { readonly Resources: unknown };
