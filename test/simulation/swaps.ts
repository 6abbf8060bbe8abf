/**
 * An adversary with the rights of administrators: it swaps change sets, parts, outputs of actions, parameters,
 * reviews and locks between any two calls. It does not change a stack itself, which no comparison can prevent.
 */
import { isAwsError } from "@kedge/local-cloud/kernel/aws-error";
import type { ChangeSetRow } from "@kedge/local-cloud/services/cloudformation/state";
import { lockKey } from "#release/line/environment-lock.ts";
import { cacheBucket, folders } from "#release/names/deployed-names.ts";
import { artifactFolder, lineName, pipelineName } from "#release/names/names.ts";
import { stackName } from "#release/names/stack-names.ts";
import { environmentsFor, type Target } from "#release/traits/targets.ts";
import { type SimulatedCloud, settle } from "./cloud.ts";
import { keysBelow } from "./estate-view.ts";
import type { LineHistory } from "./history.ts";

/** `denied`: a policy of AWS stopped it. `nothing`: there was nothing to swap. */
type SwapEnd = "swapped" | "denied" | "nothing";

type Swap = {
  readonly what: string;
  readonly swap: (cloud: SimulatedCloud, history: LineHistory, round: number) => Promise<SwapEnd>;
};

/** The parameter that artifacts of the kind `configured` refer to. */
const sizeParameter = "/simulation/size";

const foreign = (round: number): string =>
  JSON.stringify({ Resources: { [`Foreign${round}`]: { Type: "AWS::SNS::Topic" } } });

const gated = (cloud: SimulatedCloud, { line }: LineHistory): readonly Target[] =>
  environmentsFor(cloud.base.estate, line).targets.filter(({ approval }) => approval);

/** Outputs of Package and Prepare. */
const outputs = /\/(Packaged|Prepared_)/;

export const swaps: readonly Swap[] = [
  { what: "a change set", swap: swapChangeSet },
  {
    what: "a part",
    swap: (cloud, { line }, round) => overwrite(cloud, line.account, folders.assets, foreign(round)),
  },
  {
    what: "an output of an action",
    swap: (cloud, { line }, round) =>
      overwrite(cloud, line.account, artifactFolder(pipelineName(line)), foreign(round), outputs),
  },
  {
    what: "a parameter",
    swap: async (cloud, history, round) => {
      for (const { account } of gated(cloud, history)) await putSize(cloud, account, String(round));
      return "swapped";
    },
  },
  {
    what: "a review",
    swap: async (cloud, { line }, round) => {
      const { central } = cloud.base.estate;
      const prefix = `${folders.reviews}${line.account}/`;
      return putBelow(cloud, { account: central, bucket: cloud.base.bucket, prefix, body: foreign(round) });
    },
  },
  { what: "a lock", swap: swapLock },
];

export const putSize = (cloud: SimulatedCloud, account: string, Value: string): Promise<unknown> =>
  cloud.ask(account, "ssm", "PutParameter", {
    ...{ Name: sizeParameter, Type: "String", Overwrite: true },
    Value,
  });

/** Plays a swap. The line counts as faulted when a part of its release may be another one now. */
export async function playSwap(
  { swap }: Swap,
  cloud: SimulatedCloud,
  history: LineHistory,
  round: number,
): Promise<SwapEnd> {
  let end: SwapEnd;
  try {
    end = await swap(cloud, history, round);
  } catch (error) {
    if (!isAwsError(error)) throw error;
    end = /AccessDenied/.test(error.code) ? "denied" : "nothing"; // CloudFormation may be at work there
  }
  await settle(cloud.memory);
  if (end === "swapped") history.faulted = true;
  return end;
}

async function swapChangeSet(cloud: SimulatedCloud, history: LineHistory, round: number): Promise<SwapEnd> {
  for (const { environment, account } of gated(cloud, history)) {
    const name = stackName(environment, history.line);
    const found = cloud
      .rows<ChangeSetRow>("cloudformation", account, "change-sets")
      .find((row) => row.stackName === name && row.executionStatus === "AVAILABLE");
    if (found === undefined) continue;
    const of = { StackName: name, ChangeSetName: found.name };
    await cloud.ask(account, "cloudformation", "DeleteChangeSet", of);
    await cloud.ask(account, "cloudformation", "CreateChangeSet", {
      ...of,
      ChangeSetType: found.type,
      TemplateBody: foreign(round),
    });
    return "swapped";
  }
  return "nothing";
}

async function swapLock(cloud: SimulatedCloud, history: LineHistory, round: number): Promise<SwapEnd> {
  const { line } = history;
  for (const { environment } of gated(cloud, history)) {
    const prefix = lockKey(lineName(line), environment);
    const lock = {
      ...{ schema: 1, environment, pipeline: pipelineName(line), stacks: [] },
      ...{ execution: `00000000-0000-4000-8000-00000000000${round}`, since: "2026-01-01T00:00:00.000Z" },
    };
    const bucket = cacheBucket(line.account, cloud.base.estate.region);
    return putBelow(cloud, { account: line.account, bucket, prefix, body: JSON.stringify(lock) });
  }
  return "nothing";
}

const overwrite = (
  cloud: SimulatedCloud,
  account: string,
  prefix: string,
  body: string,
  like = /^/,
): Promise<SwapEnd> =>
  putBelow(cloud, { account, bucket: cacheBucket(account, cloud.base.estate.region), prefix, body, like });

async function putBelow(
  cloud: SimulatedCloud,
  order: {
    readonly account: string;
    readonly bucket: string;
    readonly prefix: string;
    readonly body: string;
    readonly like?: RegExp;
  },
): Promise<SwapEnd> {
  const { account, bucket, prefix, body, like = /^/ } = order;
  const Key = keysBelow(cloud, bucket, prefix).findLast((key) => like.test(key));
  if (Key === undefined) return "nothing";
  await cloud.ask(account, "s3", "PutObject", { Bucket: bucket, Key, Body: Buffer.from(body) });
  return "swapped";
}
