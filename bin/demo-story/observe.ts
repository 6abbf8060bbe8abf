/**
 * Observes the demo's estate through AWS APIs. Each function throws `NotObserved` when the expected state
 * does not appear in time.
 */
import { setTimeout as wait } from "node:timers/promises";
import {
  CloudFormationClient,
  DescribeStackEventsCommand,
  ListStacksCommand,
  type StackStatus,
} from "@aws-sdk/client-cloudformation";
import {
  CodePipelineClient,
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
  ListPipelineExecutionsCommand,
  ListPipelinesCommand,
} from "@aws-sdk/client-codepipeline";
import { approvalsCodepipeline } from "#aws/approvals-codepipeline.ts";
import { releaseDeps } from "#aws/deps-releases.ts";
import type { BootedEstate } from "#local-estate/boot.ts";
import { configFor } from "#local-estate/clients.ts";
import { followRelease } from "#operate/follow-release.ts";
import type { Result, ResultStatus } from "#release/line/result.ts";
import type { Line } from "#release/names/key.ts";
import { pipelineName } from "#release/names/names.ts";
import { drawPipeline } from "./live-pipeline.ts";
import type { Screen } from "./screen.ts";

export class NotObserved extends Error {
  override name = "NotObserved";
}

const pollMs = 100;
const patienceMs = 60_000;

/** Polls until `observe` returns a value. */
async function until<Found>(what: string, observe: () => Promise<Found | undefined>): Promise<Found> {
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; ) {
    const found = await observe();
    if (found !== undefined) return found;
    await wait(pollMs);
  }
  throw new NotObserved(`Did not see within ${patienceMs / 1000} s: ${what}`);
}

/** The execution that releases the artifact version, once its source revision names it. */
export const executionOf = (estate: BootedEstate, line: Line, version: string) =>
  until(`an execution of version ${version}`, async () => {
    const codepipeline = estate.clients(CodePipelineClient, line.account);
    const pipelines = await codepipeline.send(new ListPipelinesCommand({}));
    if (!pipelines.pipelines?.some(({ name }) => name === pipelineName(line))) return undefined;
    const { pipelineExecutionSummaries } = await codepipeline.send(
      new ListPipelineExecutionsCommand({ pipelineName: pipelineName(line) }),
    );
    return pipelineExecutionSummaries?.find(({ sourceRevisions }) =>
      sourceRevisions?.some(({ revisionSummary }) => revisionSummary?.includes(version)),
    );
  });

/**
 * Draws the pipeline live until the execution ends or waits for approval. Answers CodePipeline's status of the execution,
 * or `waits`.
 */
export async function followPipeline(
  estate: BootedEstate,
  line: Line,
  execution: string,
  startedAt: Date,
  screen: Screen,
): Promise<string> {
  const codepipeline = estate.clients(CodePipelineClient, line.account);
  const approvals = approvalsCodepipeline(codepipeline);
  const name = pipelineName(line);
  const status = await until(`the end of execution ${execution}`, async () => {
    const pending = (await approvals.pending(name)) ?? [];
    const state = await codepipeline.send(new GetPipelineStateCommand({ name }));
    const { pipelineExecution } = await codepipeline.send(
      new GetPipelineExecutionCommand({ pipelineName: name, pipelineExecutionId: execution }),
    );
    screen.live(drawPipeline({ state, execution, startedAt, now: new Date(), paint: screen.paint }));
    if (pending.some((each) => each.execution === execution)) return "waits";
    const seen = pipelineExecution?.status ?? "";
    return seen === "InProgress" ? undefined : seen;
  });
  screen.settle();
  return status;
}

/** Follows the upload to the status. Throws `NotObserved` when the release ends with another one. */
export async function resultOf(
  estate: BootedEstate,
  line: Line,
  version: string,
  status: ResultStatus,
): Promise<Result> {
  const { endpoint, region, bucket } = estate;
  const deps = releaseDeps(configFor(endpoint, region, line.account), bucket);
  const order = { line, version, timeoutSeconds: patienceMs / 1000, pollMs, leaveAt: [status] };
  const result = await followRelease(deps, order);
  if (result.status === status) return result;
  const { code, sentence } = result.reason;
  throw new NotObserved(`The result is ${result.status} (${code}: ${sentence}); expected ${status}`);
}

const present: StackStatus[] = [
  "CREATE_COMPLETE",
  "UPDATE_COMPLETE",
  "CREATE_IN_PROGRESS",
  "UPDATE_IN_PROGRESS",
  "DELETE_IN_PROGRESS",
  "DELETE_FAILED",
  "ROLLBACK_COMPLETE",
  "REVIEW_IN_PROGRESS",
  "UPDATE_ROLLBACK_COMPLETE",
];

/** Stacks of an account whose names have the prefix. */
export async function stacksOf(estate: BootedEstate, account: string, prefix: string) {
  const { StackSummaries } = await estate
    .clients(CloudFormationClient, account)
    .send(new ListStacksCommand({ StackStatusFilter: present }));
  return (StackSummaries ?? []).filter(
    ({ StackName, ParentId }) => StackName?.startsWith(prefix) && ParentId === undefined,
  );
}

/** Logical ids of the resources a stack's events since `since` say were created, changed or removed. */
export async function changedSince(
  estate: BootedEstate,
  account: string,
  stack: string,
  since: Date,
): Promise<readonly string[]> {
  const { StackEvents } = await estate
    .clients(CloudFormationClient, account)
    .send(new DescribeStackEventsCommand({ StackName: stack }));
  const changed = (StackEvents ?? []).filter(
    ({ Timestamp, ResourceType, ResourceStatus }) =>
      (Timestamp ?? since) > since &&
      ResourceType !== "AWS::CloudFormation::Stack" &&
      /^(CREATE|UPDATE|DELETE)_COMPLETE$/.test(ResourceStatus ?? ""),
  );
  return [...new Set(changed.map(({ LogicalResourceId }) => LogicalResourceId ?? ""))].sort();
}
