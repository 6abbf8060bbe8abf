/**
 * The journey upgrades every recorded registry to this checkout while two lines are live: one is released, one waits for
 * its approval. The steps are those of "Upgrading" in docs/deploying.md. Then the estate's clock is pushed by an hour, so
 * that the new Lambdas look at every line.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import {
  CodePipelineClient,
  GetPipelineCommand,
  GetPipelineStateCommand,
  ListPipelinesCommand,
} from "@aws-sdk/client-codepipeline";
import { GetFunctionConfigurationCommand, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { principalName } from "@kedge/local-cloud/kernel/principal";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { version } from "#bin/version.ts";
import type { Bundles } from "#bundle/bundle.ts";
import type { Line } from "#release/names/key.ts";
import { formerPipelineName, pipelineName } from "#release/names/names.ts";
import { longStackName } from "#release/names/stack-names.ts";
import { readRegistry, recordedLabels, registryBucketPrefix, sha256 } from "#test/fixtures/read-registry.ts";
import { topicTemplate, zipOf } from "#test/support/artifact.ts";
import { runBundles } from "#test/support/bundles.ts";
import { bankLine, until } from "#test/support/estate.ts";
import { kedge } from "#test/support/kedge.ts";
import { bootRecorded, type RecordedEstate } from "#test/support/recorded-estate.ts";

const anchor = "bank";
const centralFunctions = ["route", "publish"];
const hourMs = 3_600_000;
/** A boot, two releases and an upgrade, on a busy machine. */
const upgradeMs = 900_000;
const waiting = bankLine("upgrade-waiting");
const released = bankLine("upgrade-released", "feature/live");
const application = (name: string): Promise<Uint8Array> => zipOf({ "template.json": topicTemplate(name) });

/** The picture shows a line's pipeline, the stack that made the pipeline, its executions and its pending approval. */
async function pictureOf({ estate }: RecordedEstate, line: Line) {
  const name = formerPipelineName(line);
  const codepipeline = estate.clients(CodePipelineClient, line.account);
  const { pipeline, metadata } = await codepipeline.send(new GetPipelineCommand({ name }));
  const { stageStates } = await codepipeline.send(new GetPipelineStateCommand({ name }));
  const { Stacks } = await estate
    .clients(CloudFormationClient, line.account)
    .send(new DescribeStacksCommand({ StackName: name }));
  const { StackId, LastUpdatedTime, Tags } = Stacks?.[0] ?? {};
  return {
    pipeline,
    pipelineUpdated: metadata?.updated,
    stack: { StackId, LastUpdatedTime, Tags },
    approval: (stageStates ?? [])
      .flatMap(({ actionStates }) => actionStates ?? [])
      .find(({ latestExecution }) => latestExecution?.token !== undefined)?.latestExecution,
    executions: (await estate.executions(line)).map(({ pipelineExecutionId, status }) => [
      pipelineExecutionId,
      status,
    ]),
  };
}

/** Functions run code with these digests, by the Lambda's name. A Lambda without a function is left out. */
async function codeOf({ estate }: RecordedEstate, names: readonly string[]) {
  const found = await Promise.all(
    names.map(async (name) => {
      const account = estate.accounts[centralFunctions.includes(name) ? "central" : anchor] ?? "";
      try {
        const { CodeSha256 = "" } = await estate
          .clients(LambdaClient, account)
          .send(new GetFunctionConfigurationCommand({ FunctionName: `kedge-${name}` }));
        return [[name, Buffer.from(CodeSha256, "base64").toString("hex")] as const];
      } catch (error) {
        if (error instanceof Error && error.name === "ResourceNotFoundException") return [];
        throw error;
      }
    }),
  );
  return Object.fromEntries(found.flat());
}

/** The registry bucket's objects, by key. */
async function registryOf({ estate }: RecordedEstate): Promise<ReadonlyMap<string, Uint8Array>> {
  const central = estate.accounts["central"] ?? "";
  const client = estate.clients(S3Client, central);
  const Bucket = `${registryBucketPrefix}${central}-${estate.region}`;
  const objects = new Map<string, Uint8Array>();
  for await (const { Contents } of paginateListObjectsV2({ client }, { Bucket })) {
    for (const { Key = "" } of Contents ?? []) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      objects.set(Key, (await Body?.transformToByteArray()) ?? new Uint8Array());
    }
  }
  return objects;
}

const digests = (objects: ReadonlyMap<string, Uint8Array>): Readonly<Record<string, string>> =>
  Object.fromEntries([...objects].map(([key, bytes]) => [key, sha256(bytes)]));

/** The hourly rule sends every line to the queues. The hour has passed when the queues, and their dead letters, are empty. */
async function passAnHour({ estate, running }: RecordedEstate): Promise<void> {
  const sqs = estate.clients(SQSClient, waiting.account);
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: "kedge-lines-" }));
  const { onCall, clock } = running.cloud();
  let requested = false;
  onCall(({ operation, principal }) => {
    requested ||= operation === "SendMessageBatch" && principalName(principal).includes("kedge-observe");
  });
  await clock.push(hourMs);
  await until("the hourly observation of all lines", async () => (requested ? true : undefined));
  await until("empty queues of lines", async () => {
    const held = await Promise.all(
      QueueUrls.map(async (QueueUrl) => {
        const { Attributes = {} } = await sqs.send(
          new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
        );
        return (
          Number(Attributes["ApproximateNumberOfMessages"]) +
          Number(Attributes["ApproximateNumberOfMessagesNotVisible"])
        );
      }),
    );
    return held.every((count) => count === 0) ? true : undefined;
  });
}

/** The administrator of the central account has published the version; another role confirms it. */
async function confirmAsSecondPerson(
  { estate }: RecordedEstate,
  { templates }: Bundles,
  wanted: string,
): Promise<void> {
  const { version = "", sha256: digest = "" } = templates.find(({ name }) => name === wanted) ?? {};
  const words = ["template", "confirm", `${wanted}@${version}`, "--digest", digest];
  const ran = await kedge(words, {
    ...{ shop: estate, account: estate.accounts["central"] ?? "", role: "second-person" },
  });
  expect([ran.code, ran.stderr]).toEqual([0, ""]);
}

/** The recording of this version itself is the start of later upgrades only. */
const earlier = recordedLabels().filter((label) => label !== version());

describe.each(earlier)("an upgrade from %s", { concurrent: false }, (label) => {
  const recording = readRegistry(label);
  let work: string;
  let upgraded: RecordedEstate;
  let bundles: Bundles;
  let waitingVersion: string;
  let codeBefore: Readonly<Record<string, string>>;
  let before: readonly Awaited<ReturnType<typeof pictureOf>>[];
  const pictures = () => Promise.all([waiting, released].map((line) => pictureOf(upgraded, line)));

  const bootWithLiveLines = async (): Promise<void> => {
    upgraded = await bootRecorded(recording, anchor);
    const { estate } = upgraded;
    const [first, second] = await Promise.all([
      estate.upload(waiting, await application("Waits")),
      estate.upload(released, await application("Lives")),
    ]);
    waitingVersion = first;
    await Promise.all([
      estate.result(waiting, first, "waiting-for-approval"),
      estate.result(released, second, "released"),
    ]);
  };

  beforeAll(async () => {
    work = await mkdtemp(join(tmpdir(), "kedge-upgrade-"));
    [bundles] = await Promise.all([runBundles(inject("runFolder")), bootWithLiveLines()]);
    codeBefore = await codeOf(upgraded, Object.keys(bundles.lambdas));
    before = await pictures();

    await upgraded.updateLaunchRoles(join(work, "launch"));
    await upgraded.deployControlPlane(bundles, join(work, "cdk.out"));
    await upgraded.publish(bundles);
    await upgraded.updateProducts();
    await passAnHour(upgraded);
  }, upgradeMs);

  afterAll(async () => {
    await upgraded?.running.stop();
    await rm(work, { recursive: true, force: true });
  });

  it("starts from the recorded Lambdas and release templates", () => {
    for (const [name, digest] of Object.entries(codeBefore)) {
      expect([name, recording.registry.has(`lambdas/${digest}.zip`)]).toEqual([name, true]);
    }
    for (const { stack } of before) {
      const made = stack.Tags?.find(({ Key }) => Key === "kedge:template")?.Value;
      expect(
        recording.templates.map(({ name, version, sha256: is }) => `${name}@${version}:${is}`),
      ).toContain(made);
    }
  });

  it("gives every function the code of this checkout", async () => {
    const expected = Object.entries(bundles.lambdas).map(([name, { digest }]) => [name, digest]);
    expect(await codeOf(upgraded, Object.keys(bundles.lambdas))).toEqual(Object.fromEntries(expected));
  });

  it("keeps live lines' pipelines and template digests, and a waiting approval with its token", async () => {
    expect(before[0]?.approval).toMatchObject({ status: "InProgress", token: expect.any(String) });
    expect(await pictures()).toEqual(before);
    await upgraded.estate.result(waiting, waitingVersion, "waiting-for-approval");
  });

  it("keeps the bytes of every published version, and the versions that new lines get", async () => {
    const now = await registryOf(upgraded);
    const { "templates/index.json": _, "estate/estate.yml": __, ...kept } = digests(recording.registry);
    expect(digests(now)).toMatchObject(kept);
    const [old, index] = [recording.registry, now].map(
      (each) =>
        JSON.parse(Buffer.from(each.get("templates/index.json") ?? []).toString()) as Record<string, unknown>,
    );
    expect(index).toMatchObject({ templates: old?.["templates"] });
    expect(index?.["versions"]).toEqual(expect.arrayContaining(old?.["versions"] as unknown[]));
  });

  it("sweeps nothing of the lines that the version before has released", async () => {
    const { Payload, FunctionError } = await upgraded.estate
      .clients(LambdaClient, waiting.account)
      .send(new InvokeCommand({ FunctionName: "kedge-sweep", Payload: JSON.stringify({ fix: true }) }));
    expect([FunctionError, JSON.parse(Buffer.from(Payload ?? []).toString())]).toEqual([undefined, []]);
  });

  it("refuses a published version with other bytes, and writes nothing", async () => {
    const [template] = recording.templates;
    const { name = "", version = "", sha256: published = "" } = template ?? {};
    const module =
      recording.registry.get(`templates/${name}/${version}/${published}.mjs`) ?? new Uint8Array();
    const bytes = Buffer.concat([module, Buffer.from("\n// changed\n")]);
    const changed = { name, version, file: join(work, "changed.mjs"), sha256: sha256(bytes) };
    await writeFile(changed.file, bytes);
    const objects = digests(await registryOf(upgraded));

    await expect(upgraded.publish({ lambdas: {}, templates: [changed] })).rejects.toMatchObject({
      name: "ReleaseError",
      code: "TemplateVersionTaken",
      message: `${name}@${version} is published with the digest ${published}; the bundle to publish has the digest ${changed.sha256}.`,
      remedy: expect.stringContaining("Raise the version in its template.ts"),
    });
    expect(digests(await registryOf(upgraded))).toEqual(objects);
  });

  it("releases the waiting version once it is approved", async () => {
    const { estate } = upgraded;
    await estate.decide(waiting, "Approved", "after the upgrade");
    await estate.result(waiting, waitingVersion, "released");
    expect((await estate.appStack(waiting, "prod"))?.StackStatus).toBe("CREATE_COMPLETE");
  });

  it("releases a new upload through the pipeline that the version before has made", async () => {
    const { estate } = upgraded;
    const version = await estate.upload(released, await application("LivesOn"));
    await estate.result(released, version, "released");
    const after = await pictureOf(upgraded, released);
    expect(after).toMatchObject({ pipeline: before[1]?.pipeline, stack: before[1]?.stack });
    expect(after.executions).toHaveLength(2);
  });

  it("moves live lines to their new pipelines with a rollout, and keeps their stacks", async () => {
    const { estate } = upgraded;
    const stackBefore = await estate.appStack(released, "dev");
    await confirmAsSecondPerson(upgraded, bundles, "cloudformation");
    const rolledOut = await kedge(["template", "rollout", "cloudformation@1.1.0"], {
      ...{ shop: estate, account: estate.accounts["central"] ?? "", role: "kedge-template-publisher" },
    });
    expect([rolledOut.code, rolledOut.stderr]).toEqual([0, ""]);
    const { pipelines } = await estate
      .clients(CodePipelineClient, released.account)
      .send(new ListPipelinesCommand({}));
    expect(pipelines?.map(({ name }) => name).sort()).toEqual(
      [waiting, released].map((line) => pipelineName(line)).sort(),
    );
    const stackAfter = await estate.appStack(released, "dev");
    expect([stackAfter?.StackName, stackAfter?.StackId]).toEqual([
      longStackName("dev", released),
      stackBefore?.StackId,
    ]);
  });

  it("takes down a line that the version before has released", async () => {
    const { estate } = upgraded;
    await estate.result(released, await estate.upload(released, new Uint8Array()), "torn-down");
    expect(await estate.stacksLeft(released)).toEqual([]);
  });
});
