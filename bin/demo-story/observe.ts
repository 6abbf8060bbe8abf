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
  type GetPipelineStateOutput,
  ListPipelineExecutionsCommand,
  ListPipelinesCommand,
} from "@aws-sdk/client-codepipeline";
import { S3Client } from "@aws-sdk/client-s3";
import { resultsS3 } from "#aws/results-s3.ts";
import type { BootedEstate } from "#local-estate/boot.ts";
import { readResult } from "#operate/read-result.ts";
import { finalStatuses, type Result } from "#release/line/result.ts";
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

type Followed = { readonly state: GetPipelineStateOutput; readonly status: string };

/** Draws the pipeline live until the execution ends or waits for approval. */
export async function followPipeline(
  estate: BootedEstate,
  line: Line,
  execution: string,
  startedAt: Date,
  screen: Screen,
): Promise<Followed> {
  const codepipeline = estate.clients(CodePipelineClient, line.account);
  const name = pipelineName(line);
  const followed = await until(`the end of execution ${execution}`, async () => {
    const state = await codepipeline.send(new GetPipelineStateCommand({ name }));
    const { pipelineExecution } = await codepipeline.send(
      new GetPipelineExecutionCommand({ pipelineName: name, pipelineExecutionId: execution }),
    );
    screen.live(drawPipeline({ state, execution, startedAt, now: new Date(), paint: screen.paint }));
    const status = pipelineExecution?.status ?? "";
    return status !== "InProgress" || approvalOf(state, execution) !== undefined
      ? { state, status }
      : undefined;
  });
  screen.settle();
  return followed;
}

/** The approval that waits in the execution. */
export function approvalOf(state: GetPipelineStateOutput, execution: string) {
  for (const { stageName, latestExecution, actionStates } of state.stageStates ?? []) {
    if (latestExecution?.pipelineExecutionId !== execution) continue;
    const waiting = actionStates?.find(
      ({ latestExecution: run }) => run?.status === "InProgress" && run.token !== undefined,
    );
    if (waiting !== undefined)
      return { stageName, actionName: waiting.actionName, token: waiting.latestExecution?.token };
  }
  return undefined;
}

/** The result object once its status is final, or the one asked for. */
export const resultOf = (estate: BootedEstate, line: Line, version: string, status?: Result["status"]) =>
  until(`the result of version ${version}${status === undefined ? "" : ` being ${status}`}`, async () => {
    const result = await readResult(
      resultsS3(estate.clients(S3Client, line.account), estate.bucket),
      line,
      version,
    );
    if (result === undefined) return undefined;
    if (status !== undefined && result.status !== status && finalStatuses.includes(result.status)) {
      throw new NotObserved(
        `The result is ${result.status} (${result.reason.code}: ${result.reason.sentence}); expected ${status}`,
      );
    }
    return result.status === status || (status === undefined && finalStatuses.includes(result.status))
      ? result
      : undefined;
  });

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
