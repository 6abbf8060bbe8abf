/** One planted violation for each rule about single files, written by hand: the file, its text, and the rule that has to refuse it. */

export interface Plant {
  readonly rule: string;
  readonly file: string;
  readonly text: string;
}

const cloud = "packages/local-cloud/src";

const plant = (rule: string, file: string, text: string): Plant => ({ rule, file, text });

/** For each row of the table: a file of it, and an import that it may not write. */
const forbiddenImports: Readonly<Record<string, readonly [file: string, text: string]>> = {
  "lib/release/errors": ["lib/release/errors/x.ts", 'import { lineName } from "#release/names/names.ts";'],
  "lib/release/names": ["lib/release/names/x.ts", 'import { randomUUID } from "node:crypto";'],
  "lib/release/document": [
    "lib/release/document/x.ts",
    'import type { Estate } from "#release/estate/estate.ts";',
  ],
  "lib/release/people": [
    "lib/release/people/x.ts",
    'import type { Estate } from "#release/estate/estate.ts";',
  ],
  "lib/release/rules": ["lib/release/rules/x.ts", 'import type { Estate } from "#release/estate/estate.ts";'],
  "lib/release/zip": ["lib/release/zip/x.ts", 'import { readFile } from "node:fs/promises";'],
  "lib/release/estate": ["lib/release/estate/x.ts", 'import { decide } from "#release/line/decide.ts";'],
  "lib/release/traits": ["lib/release/traits/x.ts", 'import type { Plan } from "#release/plan/plan.ts";'],
  "lib/release/artifact": ["lib/release/artifact/x.ts", 'import { S3Client } from "@aws-sdk/client-s3";'],
  "lib/release/plan": [
    "lib/release/plan/x.ts",
    'import type { Assembly } from "#release/stack/assembly.ts";',
  ],
  "lib/release/stack": [
    "lib/release/stack/x.ts",
    'import { dispatch } from "#release/template/dispatch.ts";',
  ],
  "lib/release/review": ["lib/release/review/x.ts", 'import { decide } from "#release/line/decide.ts";'],
  "lib/release/template": ["lib/release/template/x.ts", 'import { decide } from "#release/line/decide.ts";'],
  "lib/release/line": ["lib/release/line/x.ts", 'import type { Clock } from "#ports/clock.ts";'],
  "release-templates/*": [
    "release-templates/sam/x.ts",
    'import { stack } from "#templates/cdk/template.ts";',
  ],
  "release-templates": ["release-templates/x.ts", 'import { act } from "#journey/act.ts";'],
  "lib/ports": ["lib/ports/x.ts", 'import type { S3Client } from "@aws-sdk/client-s3";'],
  "lib/journey": ["lib/journey/x.ts", 'import { resultsS3 } from "#aws/results-s3.ts";'],
  "lib/operate": ["lib/operate/x.ts", 'import { S3Client } from "@aws-sdk/client-s3";'],
  "lib/deploy": ["lib/deploy/x.ts", 'import { S3Client } from "@aws-sdk/client-s3";'],
  "lib/synth": ["lib/synth/x.ts", 'import { act } from "#journey/act.ts";'],
  "lib/aws": ["lib/aws/x.ts", 'import { publish } from "#operate/publish.ts";'],
  "lib/constructs": ["lib/constructs/x.ts", 'import { Stack } from "aws-cdk-lib";'],
  "anchor-stack": ["anchor-stack/x.ts", 'import { controlPlane } from "#control-plane/control-plane.ts";'],
  "lib/control-plane": ["lib/control-plane/x.ts", 'import { decide } from "#release/line/decide.ts";'],
  "lib/access": ["lib/access/x.ts", 'import { s3 } from "@kedge/local-cloud/services/s3/state";'],
  "lib/bundle": ["lib/bundle/x.ts", 'import { decide } from "#release/line/decide.ts";'],
  "lib/local-estate": ["lib/local-estate/x.ts", 'import { act } from "#journey/act.ts";'],
  lambdas: ["lambdas/x.ts", 'import { controlPlane } from "#control-plane/control-plane.ts";'],
  bin: ["bin/x.ts", 'import { fuzz } from "#test/fuzz/run.ts";'],
  [cloud]: [`${cloud}/x.ts`, 'import { s3 } from "#cloud/services/s3/service.ts";'],
  [`${cloud}/kernel`]: [`${cloud}/kernel/x.ts`, 'import type { State } from "#cloud/services/s3/state.ts";'],
  [`${cloud}/wire`]: [`${cloud}/wire/x.ts`, 'import { evaluate } from "#cloud/iam/evaluate.ts";'],
  [`${cloud}/service-models`]: [
    `${cloud}/service-models/x.ts`,
    'import type { State } from "#cloud/services/s3/state.ts";',
  ],
  [`${cloud}/iam`]: [`${cloud}/iam/x.ts`, 'import type { State } from "#cloud/services/iam/service.ts";'],
  [`${cloud}/cloudformation`]: [
    `${cloud}/cloudformation/x.ts`,
    'import { createCloud } from "#cloud/kernel/cloud.ts";',
  ],
  [`${cloud}/pipeline`]: [
    `${cloud}/pipeline/x.ts`,
    'import { run } from "#cloud/services/codepipeline/run.ts";',
  ],
  [`${cloud}/event-pattern`]: [`${cloud}/event-pattern/x.ts`, 'import { readFile } from "node:fs/promises";'],
  [`${cloud}/resource-types`]: [
    `${cloud}/resource-types/x.ts`,
    'import type { State } from "#cloud/services/s3/state.ts";',
  ],
  [`${cloud}/action-providers`]: [
    `${cloud}/action-providers/x.ts`,
    'import type { LambdaState } from "#cloud/services/lambda/state.ts";',
  ],
  [`${cloud}/sandbox`]: [`${cloud}/sandbox/x.ts`, 'import { createCloud } from "#cloud/kernel/cloud.ts";'],
  [`${cloud}/build`]: [
    `${cloud}/build/x.ts`,
    'import { builds } from "#cloud/services/codebuild/builds.ts";',
  ],
  [`${cloud}/build/tools`]: [
    `${cloud}/build/tools/x.ts`,
    'import { createClock } from "#cloud/kernel/clock.ts";',
  ],
  [`${cloud}/lambda-runtime`]: [
    `${cloud}/lambda-runtime/x.ts`,
    'import type { Version } from "#cloud/services/lambda/state.ts";',
  ],
  [`${cloud}/services`]: [`${cloud}/services/x.ts`, 'import { createCloud } from "#cloud/kernel/cloud.ts";'],
  [`${cloud}/services/*`]: [
    `${cloud}/services/sqs/x.ts`,
    'import type { State } from "#cloud/services/s3/state.ts";',
  ],
  [`${cloud}/services/cloudformation`]: [
    `${cloud}/services/cloudformation/x.ts`,
    'import type { State } from "#cloud/services/s3/state.ts";',
  ],
  [`${cloud}/services/codebuild`]: [
    `${cloud}/services/codebuild/x.ts`,
    'import { assume } from "#cloud/services/sts/issue.ts";',
  ],
  [`${cloud}/services/codepipeline`]: [
    `${cloud}/services/codepipeline/x.ts`,
    'import { builds } from "#cloud/services/codebuild/builds.ts";',
  ],
  [`${cloud}/services/lambda`]: [
    `${cloud}/services/lambda/x.ts`,
    'import type { SqsState } from "#cloud/services/sqs/state.ts";',
  ],
  [`${cloud}/testing`]: [`${cloud}/testing/x.ts`, 'import { s3 } from "#cloud/services/s3/service.ts";'],
};

export const importPlants: readonly Plant[] = Object.entries(forbiddenImports).map(([folder, [file, text]]) =>
  plant(`imports ${folder}`, file, text),
);

/** Uses of each effect. A folder that denies the effect has to refuse every one. */
export const effectPlants: Readonly<Record<string, readonly string[]>> = {
  clock: [
    "export const now = Date.now();",
    "export const now = new Date();",
    "export const now = Date();",
    'export const now = Date["now"]();',
    "export const now = performance.now();",
    "const { now } = Date; export const at = now();",
    "export const clock = { Date };",
  ],
  date: ['export const at = new Date("2026-01-01");', 'export const at = Date.parse("2026-01-01");'],
  chance: [
    "export const roll = Math.random();",
    'export const roll = Math["random"]();',
    "const { random } = Math; export const roll = random();",
    "const m = Math; export const roll = m.random();",
    "export const id = crypto.randomUUID();",
  ],
  process: [
    'export const home = process.env["HOME"];',
    "export const now = globalThis.Date;",
    "export const now = global.Date;",
    "export const here = import.meta.url;",
    'export const run = eval("1");',
    'export const run = new Function("return 1");',
  ],
  timers: [
    "setTimeout(() => undefined, 1);",
    "setInterval(() => undefined, 1);",
    "setImmediate(() => undefined);",
    "queueMicrotask(() => undefined);",
    "export const signal = AbortSignal.timeout(1);",
  ],
  network: ['export const page = fetch("https://example.com");', 'export const s = new WebSocket("ws://x");'],
};

/** Harmless uses that look like the ones above. */
export const harmless: readonly string[] = [
  "export const most = Math.max(1, 2);",
  "export const f = (self: string, process: () => void) => { process(); return self; };",
  "export const seen = (clock: { Date: string }): string => clock.Date;",
  "export type Moment = Date;",
  "export const fetch = 1; export const twice = fetch * 2;",
];

/** Each spelling of one forbidden import, from lib/journey to an adapter. */
export const spellings: readonly (readonly [spelling: string, text: string])[] = [
  ["an alias", 'import { resultsS3 } from "#aws/results-s3.ts";'],
  ["a deep path", 'import { x } from "#aws/deep/er/x.ts";'],
  ["import type", 'import type { Results } from "#aws/results-s3.ts";'],
  ["a type among values", 'import { type Results } from "#aws/results-s3.ts";'],
  ["a side effect", 'import "#aws/results-s3.ts";'],
  ["export from", 'export { resultsS3 } from "#aws/results-s3.ts";'],
  ["export all", 'export * from "#aws/results-s3.ts";'],
  ["export type from", 'export type { Results } from "#aws/results-s3.ts";'],
  ["import()", 'export const late = import("#aws/results-s3.ts");'],
  ["import() of a template string", "export const late = import(`#aws/results-s3.ts`);"],
  ["the type of an import", 'export type Late = import("#aws/results-s3.ts").Results;'],
  ["require()", 'export const late = require("#aws/results-s3.ts");'],
  ["import = require()", 'import late = require("#aws/results-s3.ts"); export const l = late;'],
];

/** The rules that belong to no single row. */
export const generalPlants: readonly Plant[] = [
  plant("folder", "scripts/x.ts", "export const x = 1;"),
  plant("parent path", "test/release/x.ts", 'import { x } from "../support/artifact.ts";'),
  plant("parent path", "test/release/x.ts", 'import { x } from "./../support/artifact.ts";'),
  plant("package door", "test/x.ts", 'import { x } from "@kedge/local-cloud/services/s3/put-object";'),
  plant("package door", "test/x.ts", 'import { x } from "#nowhere/x.ts";'),
  plant(
    "package door",
    "packages/local-cloud/src/kernel/x.ts",
    'import { decide } from "kedge/lib/release/line/decide.ts";',
  ),
  plant(
    "package door",
    "packages/local-cloud/test/x.ts",
    'import { decide } from "#release/line/decide.ts";',
  ),
  plant("computed import", "bin/x.ts", 'const name = "x"; export const late = import(name);'),
  plant("computed import", "lib/journey/x.ts", 'export const late = import("#aws/" + "x.ts");'),
];
