/**
 * This file holds every import of product code in the wire tests, so a move or a rename changes no other file here. The
 * functions enter the product through its doors: the synthesizer, the publisher, the registry, the command line. Lambda
 * functions run by way of `test/simulation/functions.ts`.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { S3Client } from "@aws-sdk/client-s3";
import type { ServiceCatalogClient } from "@aws-sdk/client-service-catalog";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { Command } from "commander";
import { anchorRegionStack, targetRegionStack } from "#anchor/regional-stacks.ts";
import { cliFilesS3 } from "#aws/cli-files-s3.ts";
import { intakeQueueSqs } from "#aws/intake-queue-sqs.ts";
import { portfolioServiceCatalog } from "#aws/portfolio-service-catalog.ts";
import { registryFilesS3 } from "#aws/registry-files-s3.ts";
import { evaluateNew } from "#aws/template-module.ts";
import { templateRegistryWriterS3 } from "#aws/template-registry-writer-s3.ts";
import { exitCodeOf, exitCodes } from "#bin/show/outcome.ts";
import type { Bundles } from "#bundle/bundle.ts";
import { publishableCode } from "#bundle/publishable-code.ts";
import { renderTemplate } from "#constructs/render.ts";
import { lambdaNames } from "#control-plane/properties.ts";
import {
  anchorParameters,
  anchorRegionParameters,
  targetAccounts,
  targetParameters,
  targetRegionParameters,
} from "#deploy/product-parameters.ts";
import { synthesizeControlPlane, synthesizeLaunchRoles } from "#deploy/synthesize.ts";
import { publish } from "#operate/publish.ts";
import { requestReconcile } from "#operate/request-reconcile.ts";
import type { EstateProposals } from "#ports/estate-proposals.ts";
import type { TemplateProposals } from "#ports/template-proposals.ts";
import { codes } from "#release/errors/errors.ts";
import type { Estate } from "#release/estate/estate.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";
import { finalStatuses } from "#release/line/result.ts";
import { schemas } from "#release/line/schemas.ts";
import { artifactBucket, registryBucket } from "#release/names/deployed-names.ts";
import { planDigest } from "#release/plan/plan-limits.ts";
import { withRollout, withRolloutState, withTrial, withVersion } from "#release/template/template-publish.ts";
import { writeZip } from "#release/zip/zip-write.ts";
import { releaseTemplates } from "#templates/index.ts";
import type { Spy } from "./spy.ts";

export type { Bundles, Command };

type Files = readonly { readonly name: string; readonly content: string | Uint8Array }[];
export type Line = { readonly account: string; readonly app: string; readonly branch: string };
type Json = Readonly<Record<string, unknown>>;
type Texts = Readonly<Record<string, string>>;

/** The accounts of an estate file, and the parameters of their stacks. */
export type Accounts = {
  readonly estate: Estate;
  readonly central: string;
  readonly region: string;
  readonly anchors: readonly {
    readonly account: string;
    readonly parameters: Texts;
    readonly targets: readonly { readonly account: string; readonly parameters: Texts }[];
  }[];
};

export function accountsOf(estateText: string): Accounts {
  const estate = parseEstate(estateText);
  const anchors = estate.anchors.map((anchor) => ({
    account: anchor.account,
    parameters: anchorParameters(estate, anchor),
    targets: targetAccounts(anchor).map((account) => ({
      account,
      parameters: targetParameters(estate, anchor, account),
    })),
  }));
  return { estate, central: estate.central, region: estate.region, anchors };
}

/** The parameters of every kind of stack. */
export function parametersOf(estateText: string): Json {
  const { estate, anchors } = accountsOf(estateText);
  const [anchor] = estate.anchors;
  if (anchor === undefined) throw new TypeError("The estate has no anchor.");
  const principals = [`arn:aws:iam::${anchor.account}:role/release-manager`];
  const named = { ...anchor, uploaders: principals, approvers: principals };
  return {
    anchors: Object.fromEntries(anchors.map(({ account, parameters }) => [account, parameters])),
    "anchor, with named principals": anchorParameters(estate, named),
    targets: Object.fromEntries(
      anchors.flatMap(({ targets }) => targets.map(({ account, parameters }) => [account, parameters])),
    ),
    "anchor, in another region": anchorRegionParameters(
      anchor,
      "arn:aws:kms:us-east-1:111111111111:key/mrk-1",
    ),
    "target, in another region": targetRegionParameters(estate, anchor),
  };
}

type FirstOf<Work extends (first: never) => unknown> = Parameters<Work>[0];

/**
 * Lambda code and release templates as publishing takes them. The bundler takes seconds, so each zip holds only its name
 * under a readable digest, and each module exports the release template of this process, whose calls the spy notes.
 */
export function bundlesIn(work: string, spy: Spy): Bundles {
  const lambdas = lambdaNames.map((name) => {
    const zip = join(work, `${name}.zip`);
    writeFileSync(zip, writeZip([{ name: "index.mjs", content: name }]));
    return [name, { zip, digest: `digest-of-${name}` }] as const;
  });
  const templates = releaseTemplates.map((template) => {
    const { name, version } = template;
    const file = join(work, `${name}.mjs`);
    const module = spy.moduleOf(name, template);
    writeFileSync(file, module);
    return { name, version, sha256: createHash("sha256").update(module).digest("hex"), file };
  });
  return { lambdas: Object.fromEntries(lambdas), templates };
}

export type Templates = Readonly<
  Record<
    "control-plane" | "anchor" | "target" | "anchor-region" | "target-region" | "launch-roles",
    { readonly Resources: Json }
  >
>;

/** The templates of all accounts, as `cdk deploy` and `node bin/anchor.ts` write them. */
export function synthesized({ estate, central }: Accounts, bundles: Bundles, work: string): Templates {
  const outdir = join(work, "cdk.out");
  mkdirSync(outdir, { recursive: true });
  synthesizeControlPlane({ estate, bundles, outdir });
  const written = (file: string) => JSON.parse(readFileSync(join(outdir, file), "utf8")) as never;
  return {
    "control-plane": written("KedgeControlPlane.template.json"),
    anchor: written(join("products", "kedge-anchor.json")),
    target: written(join("products", "kedge-target.json")),
    "anchor-region": JSON.parse(renderTemplate(anchorRegionStack, join(work, "anchor-region"))) as never,
    "target-region": JSON.parse(renderTemplate(targetRegionStack, join(work, "target-region"))) as never,
    "launch-roles": JSON.parse(synthesizeLaunchRoles(central, join(work, "launch-roles"))) as never,
  };
}

export type Central = {
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly catalog: ServiceCatalogClient;
};

export async function publishAll(
  { s3, catalog }: Central,
  estateText: string,
  bundles: Bundles,
  { proposals, modules }: { readonly proposals: EstateProposals; readonly modules: TemplateProposals },
): Promise<void> {
  const { central, region } = parseEstate(estateText);
  const registry = registryBucket(central, region);
  const deps = {
    registry: templateRegistryWriterS3(s3, registry),
    files: registryFilesS3(s3, registry),
    ...{ proposals, modules },
    cli: cliFilesS3(s3, artifactBucket(central, region)),
    portfolio: portfolioServiceCatalog(catalog),
    evaluate: evaluateNew,
    person: async () => "0123456789abcdef",
    clock: () => new Date().toISOString(),
  };
  await publish(deps, { estateText, code: publishableCode(bundles) });
}

/** Changes the index of the registry as `kedge template publish`, `rollout` and `try` do. */
export async function rollOut({ s3 }: Central, bucket: string, line: Line): Promise<void> {
  const registry = templateRegistryWriterS3(s3, bucket);
  const index = await registry.index();
  const sam = index.versions.find(({ name }) => name === "sam");
  if (sam === undefined) throw new TypeError("The release template sam is not published.");
  const next = { ...sam, version: "1.99.0", changelog: "verifies longer" };
  const waves = [
    { name: "percent=5", lines: { percent: 5 } },
    {
      name: "everything else",
      lines: { anchors: ["shop"], apps: ["a*"], branches: ["main"], tags: { tier: "gold" } },
    },
  ];
  await registry.change((now) => withRollout(withVersion(now, next), next, waves));
  await registry.change((now) => withTrial(now, line, "cloudformation", next));
  await registry.change((now) =>
    withRolloutState(now, "sam", { begun: 1, state: "halted", why: "A line failed." }),
  );
}

/** Requests an observation of lines, as `kedge template try` does. */
export const requestObservations = ({ sqs }: Central, lines: readonly Line[]): Promise<void> =>
  requestReconcile({ intake: intakeQueueSqs(sqs) }, lines);

export const zipOf = (files: Files): Uint8Array => writeZip([...files]);

/** A pipeline's stack bears this digest as a tag; another digest updates the stack. */
export const digestOfPlan = (plan: unknown): string => planDigest(plan as FirstOf<typeof planDigest>);

/** CIs and people rely on these tables. */
export const tables = {
  codes: Object.fromEntries(Object.entries(codes).map(([code, { move }]) => [code, move])),
  exitCodes,
  finalStatuses,
  exitCodeOf: exitCodeOf as (status: string) => number,
  schemas: schemas as Readonly<Record<string, Json>>,
};

/** Published modules export these objects; later Lambda functions load them. */
export const templateModules = releaseTemplates as readonly unknown[] as readonly Json[];

/** The program of the command line. Its module parses the arguments as it loads, so the parser only notes its program. */
export async function commandLine(): Promise<Command> {
  const parse = Command.prototype.parseAsync;
  const { argv } = process;
  const caught: Command[] = [];
  Command.prototype.parseAsync = async function (this: Command) {
    caught.push(this);
    return this;
  };
  process.argv = argv.slice(0, 2); // without a command's name the program registers every command
  try {
    await import("#bin/kedge.ts");
  } finally {
    Command.prototype.parseAsync = parse;
    process.argv = argv;
  }
  const [program] = caught;
  if (program === undefined) throw new TypeError("bin/kedge.ts has parsed no arguments.");
  return program;
}
