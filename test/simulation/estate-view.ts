/**
 * Reads the resources of a simulation by line: the stacks, pipelines, objects and messages that a release
 * leaves or must not leave.
 */

import type { StackRow, TemplateRow } from "@kedge/local-cloud/services/cloudformation/state";
import type { PipelineRow } from "@kedge/local-cloud/services/codepipeline/state";
import type { Bucket, Version } from "@kedge/local-cloud/services/s3/state";
import type { Message } from "@kedge/local-cloud/services/sqs/state";
import type { Result } from "#release/line/result.ts";
import { parseResult } from "#release/line/result-shape.ts";
import { slotRecordsPrefix } from "#release/line/slot-records.ts";
import { applicationPrefix, cacheBucket, pipelinePrefix } from "#release/names/deployed-names.ts";
import type { Line } from "#release/names/key.ts";
import { formatKey, resultKeys } from "#release/names/key.ts";
import { cacheKeys } from "#release/names/names.ts";
import type { SimulatedCloud } from "./cloud.ts";

type Stack = {
  readonly account: string;
  readonly name: string;
  readonly status: string;
  readonly body: string;
};

export type EstateView = {
  /**
   * The product's stacks without deleted ones: pipeline stacks in the anchors, application stacks in the
   * targets.
   */
  readonly stacks: readonly Stack[];
  readonly pipelines: readonly string[];
  /** Keys in the caches that belong to a line, of every version and delete marker. */
  readonly cached: readonly string[];
  /** `<queue>: <body>` of every message, waiting or in flight. */
  readonly messages: readonly string[];
  readonly deadLetters: readonly string[];
  /** The functions of events that have not run yet. */
  readonly pending: readonly string[];
};

export function viewEstate(cloud: SimulatedCloud): EstateView {
  const { estate, functions } = cloud.base;
  const anchors = estate.anchors.map(({ account }) => account);
  const targets = estate.anchors.flatMap(({ environments }) => environments.map(({ account }) => account));
  const messages = [estate.central, ...anchors].flatMap((account) =>
    cloud.rows<Message>("sqs", account, "messages"),
  );
  const ofQueue = (dead: boolean) =>
    messages
      .filter(({ queue }) => queue.includes("-dlq") === dead)
      .map(({ queue, body }) => `${queue}: ${body}`);
  return {
    stacks: [...new Set([...anchors, ...targets])].flatMap((account) => stacksIn(cloud, account)),
    pipelines: anchors.flatMap((account) =>
      cloud
        .rows<PipelineRow>("codepipeline", account, "pipelines")
        .map(({ declaration }) => declaration.name),
    ),
    cached: anchors.flatMap((account) => keysIn(cloud, cacheBucket(account, estate.region))),
    messages: ofQueue(false),
    deadLetters: ofQueue(true),
    pending: [...new Set(functions.map(({ account }) => account))].flatMap((account) =>
      cloud.rows<{ readonly function: string }>("lambda", account, "events").map((event) => event.function),
    ),
  };
}

function stacksIn(cloud: SimulatedCloud, account: string): readonly Stack[] {
  const { region } = cloud.base.estate;
  const templates = cloud.memory.store.table<TemplateRow>(`cloudformation/${account}/${region}/templates`);
  return cloud
    .rows<StackRow>("cloudformation", account, "stacks")
    .filter(({ name, status }) => isOurs(name) && status !== "DELETE_COMPLETE")
    .map(({ name, status, definition }) => ({
      account,
      name,
      status,
      body: templates.get(definition.template)?.processed ?? "",
    }));
}

const isOurs = (name: string): boolean =>
  name.startsWith(pipelinePrefix) || name.startsWith(applicationPrefix);

function objectsIn(cloud: SimulatedCloud, bucket: string): readonly Version[] {
  const found = [...cloud.memory.store.table<Bucket>("s3/aws/aws-global/buckets").values()].find(
    ({ name }) => name === bucket,
  );
  return found === undefined
    ? []
    : [...cloud.memory.store.table<Version>(`s3/aws/aws-global/objects-${found.id}`).values()];
}

/** The keys of a bucket below a prefix, in the order of their writes. */
export const keysBelow = (cloud: SimulatedCloud, bucket: string, prefix: string): readonly string[] =>
  objectsIn(cloud, bucket)
    .map(({ key }) => key)
    .filter((key) => key.startsWith(prefix));

/** The contents of all versions below a prefix. */
export const objectTexts = async (
  cloud: SimulatedCloud,
  bucket: string,
  prefix: string,
): Promise<readonly string[]> =>
  Promise.all(
    objectsIn(cloud, bucket)
      .filter(({ key }) => key.startsWith(prefix))
      .map((object) => textOf(cloud, object)),
  );

async function textOf(cloud: SimulatedCloud, { content }: Version): Promise<string> {
  const [segment] = content?.segments ?? [];
  if (segment === undefined) return "";
  return (await cloud.memory.blobs.bytes(segment.blob, segment.start, segment.end)).toString();
}

const keysIn = (cloud: SimulatedCloud, bucket: string): readonly string[] => [
  ...new Set(
    objectsIn(cloud, bucket)
      .map(({ key }) => key)
      .filter((key) => key.startsWith(cacheKeys.lines) || key.startsWith(slotRecordsPrefix)),
  ),
];

/** Reads the line's result as the uploader sees it. Returns undefined when there is none. */
export async function reportedResult(
  cloud: SimulatedCloud,
  line: Line,
  version?: string,
): Promise<Result | undefined> {
  const keys = resultKeys(formatKey(line), version ?? "");
  const key = version === undefined ? keys.latest : keys.version;
  const newest = objectsIn(cloud, cloud.base.bucket).findLast((object) => object.key === key);
  if (newest?.content === undefined) return undefined;
  return parseResult(await textOf(cloud, newest));
}
