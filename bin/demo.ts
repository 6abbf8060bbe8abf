#!/usr/bin/env node
/**
 * Runs the whole demo in the embedded cloud: release, approval, next version, teardown. Every tick is an
 * observation through an AWS API; the exit code is 0 only with all observations.
 */
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { CodePipelineClient, ListPipelinesCommand } from "@aws-sdk/client-codepipeline";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { type BootedEstate, bootEstate } from "#local-estate/boot.ts";
import { applicationPrefix, pipelinePrefix } from "#release/names/deployed-names.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import { pipelineName } from "#release/names/names.ts";
import { stackName } from "#release/names/stack-names.ts";
import { environmentsFor } from "#release/traits/targets.ts";
import {
  changedSince,
  executionOf,
  followPipeline,
  NotObserved,
  resultOf,
  stacksOf,
} from "./demo-story/observe.ts";
import { approve, upload, uploadTombstone } from "./demo-story/people.ts";
import { createScreen } from "./demo-story/screen.ts";
import { packArtifact } from "./input/pack.ts";

const line: Line = { account: "111111111111", app: "shop", branch: "main" };
const screen = createScreen(process.stdout);

try {
  await runDemo();
  screen.heading("Done: everything above was observed through AWS APIs.");
} catch (error) {
  process.stderr.write(
    `\ndemo: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = 1;
}

async function runDemo(): Promise<void> {
  screen.heading("Booting an embedded AWS with seven accounts");
  await using estate = await bootEstate({ port: 0, estateFile: "examples/estate.yml", onStep: screen.say });
  screen.seen(`endpoint ${estate.running.endpoint}, artifact bucket ${estate.bucket}`);
  const targets = environmentsFor(estate.estate, line).targets;

  const first = await release(
    estate,
    "examples/shop-sam",
    "Version 1: a dev team's CI uploads a SAM application",
  );
  await observeDeployed(estate, first.version);
  await invokeInProduction(estate);

  const second = await release(estate, "examples/shop-sam-v2", "Version 2: one function changed");
  await observeDeployed(estate, second.version);
  for (const { environment, account } of targets) {
    const changed = await changedSince(estate, account, stackName(environment, line), second.startedAt);
    if (changed.length === 0 || changed.includes("Orders"))
      throw new NotObserved(
        `In ${environment} these resources changed: ${changed.join(", ") || "none"}; expected the function alone`,
      );
    screen.seen(`${environment}: changed ${changed.join(", ")}, and nothing else`);
  }

  screen.heading("The tombstone: zero bytes at the same key");
  const tombstone = await uploadTombstone(estate, line);
  await resultOf(estate, line, tombstone, "torn-down");
  screen.seen("the result says torn-down");
  for (const { environment, account } of targets) {
    const left = await stacksOf(estate, account, applicationPrefix);
    if (left.length > 0)
      throw new NotObserved(`${environment} still has ${left.map(({ StackName }) => StackName).join(", ")}`);
    screen.seen(`${environment}: no application stack is left in ${account}`);
  }
  const { pipelines } = await estate
    .clients(CodePipelineClient, line.account)
    .send(new ListPipelinesCommand({}));
  const stacks = await stacksOf(estate, line.account, pipelinePrefix);
  if (pipelines?.length !== 0 || stacks.length > 0)
    throw new NotObserved("The anchor still has a pipeline or its stack");
  screen.seen(`the pipeline and its stack are gone from ${line.account}`);
}

async function release(
  estate: BootedEstate,
  folder: string,
  title: string,
): Promise<{ readonly version: string; readonly startedAt: Date }> {
  screen.heading(title);
  const startedAt = new Date();
  await using packed = await packArtifact(folder);
  const version = await upload(estate, line, packed.content);
  screen.seen(
    `uploaded ${packed.bytes} bytes to s3://${estate.bucket}/${formatKey(line)} as kedge-ci, version ${version}`,
  );
  const execution = (await executionOf(estate, line, version)).pipelineExecutionId ?? "";
  screen.seen(`pipeline ${pipelineName(line)}, execution ${execution}`);
  const waiting = await followPipeline(estate, line, execution, startedAt, screen);
  if (waiting !== "waits")
    throw new NotObserved(`Execution ${execution} is ${waiting}; expected it to wait for approval`);
  const result = await resultOf(estate, line, version, "waiting-for-approval");
  screen.seen(`the result object says ${result.status}: ${result.reason.sentence}`);
  screen.seen(`approved ${await approve(estate, line, execution)} as kedge-approver`);
  const ended = await followPipeline(estate, line, execution, startedAt, screen);
  if (ended !== "Succeeded") throw new NotObserved(`Execution ${execution} is ${ended}; expected Succeeded`);
  const { status } = await resultOf(estate, line, version, "released");
  screen.seen(`the result object says ${status}`);
  return { version, startedAt };
}

async function observeDeployed(estate: BootedEstate, version: string): Promise<void> {
  for (const { environment, account } of environmentsFor(estate.estate, line).targets) {
    const StackName = stackName(environment, line);
    const { Stacks } = await estate
      .clients(CloudFormationClient, account)
      .send(new DescribeStacksCommand({ StackName }));
    const status = Stacks?.[0]?.StackStatus;
    if (status !== "CREATE_COMPLETE" && status !== "UPDATE_COMPLETE")
      throw new NotObserved(`${StackName} is ${status}`);
    const deployed = Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === "KedgeVersion")?.OutputValue;
    if (deployed !== version)
      throw new NotObserved(`${StackName} was deployed from version ${deployed}; expected ${version}`);
    screen.seen(`${environment}: ${StackName} in ${account} is ${status}, from that version`);
  }
}

/** The application really runs: its function answers in the production account. */
async function invokeInProduction(estate: BootedEstate): Promise<void> {
  const production = environmentsFor(estate.estate, line).targets.at(-1);
  if (production === undefined) return;
  const { Stacks } = await estate
    .clients(CloudFormationClient, production.account)
    .send(new DescribeStacksCommand({ StackName: stackName(production.environment, line) }));
  const FunctionName = Stacks?.[0]?.Outputs?.find(
    ({ OutputKey }) => OutputKey === "ListProductsName",
  )?.OutputValue;
  const { Payload, FunctionError } = await estate
    .clients(LambdaClient, production.account)
    .send(new InvokeCommand({ FunctionName, Payload: Buffer.from("{}") }));
  const answer = Buffer.from(Payload ?? []).toString();
  if (FunctionError !== undefined) throw new NotObserved(`${FunctionName} failed in production: ${answer}`);
  screen.seen(`${FunctionName} answers in production: ${answer.slice(0, 100)}`);
}
