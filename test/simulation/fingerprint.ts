/**
 * A short text for a state. It covers all facts that the future depends on. Two states with equal texts need
 * not both be explored. Ids are replaced by the order of their appearance, and times are left out.
 */
import { createHash } from "node:crypto";
import type { Execution } from "@kedge/local-cloud/pipeline/execution";
import type { StackRow } from "@kedge/local-cloud/services/cloudformation/state";
import type { JobRow } from "@kedge/local-cloud/services/codepipeline/state";
import type { QueuedEvent } from "@kedge/local-cloud/services/lambda/state";
import type { Version } from "@kedge/local-cloud/services/s3/state";
import { functions, pipelinePrefix } from "#release/names/deployed-names.ts";
import { isResultKey } from "#release/names/key.ts";
import type { SimulatedCloud } from "./cloud.ts";
import { isOver } from "./history.ts";

/**
 * The tables that decide the next moves. Three kinds of tables are left out: tables that no code reads again
 * (the history of stacks, issued credentials), derived tables (resources of applications),
 * and tokens, which repeat other rows.
 */
const decisive =
  /^(lambda\/.*\/events|events\/.*\/deliveries|codepipeline\/.*\/(pipelines|boards|jobs|executions:.*)|cloudformation\/.*\/(stacks|change-sets)|s3\/aws\/aws-global\/objects-.*)$/;

/** The members of rows that hold random values, times or counts. */
const ignored = new Set([
  "sequence",
  "lastModified",
  "sentAt",
  "visibleAt",
  "receivedAt",
  "firstReceivedAt",
  "receiveCount",
  "queuedAt",
  "dueAt",
  "tokens",
  "eventCount",
  "deadline",
  "nonce",
  "accessKeyId",
  "secretAccessKey",
  "sessionToken",
  "artifactCredentials",
  "encryption",
  "checksum",
  "etag",
  "segments",
  "logStreamArn",
  "messageDeduplicationId",
  "deduplicationId",
  "attempts",
  "changes",
]);

export function fingerprint(cloud: SimulatedCloud, extraState: unknown): string {
  const found = [...cloud.memory.changed()]
    .filter(([path]) => decisive.test(path))
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([path, rows]) => `${path}\n${textOfTable(path, rows)}`);
  const names = new Map<string, string>();
  const text = [...found, JSON.stringify(extraState)].join("\n").replace(ids, (id) => {
    const name = names.get(id) ?? `<${names.size + 1}>`;
    names.set(id, name);
    return name;
  });
  return createHash("sha256").update(text).digest("base64");
}

const texts = new WeakMap<ReadonlyMap<string, unknown>, string>();

/**
 * Sorts rows independently of their ids. The cache helps because most tables did not change since the last
 * call.
 */
function textOfTable(path: string, rows: ReadonlyMap<string, unknown>): string {
  const known = texts.get(rows);
  if (known !== undefined) return known;
  const found = living(path, [...rows.values()])
    .map(textOf)
    .map((text) => ({ text, shape: text.replace(ids, "#") }))
    .sort((left, right) => (left.shape < right.shape ? -1 : left.shape > right.shape ? 1 : 0))
    .map(({ text }) => text)
    .join("\n");
  texts.set(rows, found);
  return found;
}

/**
 * Leaves out ended work and objects that each reconciliation writes anew. Results are compared by their
 * content.
 */
function living(path: string, rows: readonly unknown[]): readonly unknown[] {
  if (path.includes("/objects-")) {
    const newest = new Map((rows as readonly Version[]).map((row) => [row.key, row]));
    return [...newest.values()].filter(({ key }) => !isResultKey(key) && !key.startsWith(pipelinePrefix));
  }
  if (path.endsWith("/stacks"))
    return (rows as readonly StackRow[]).filter(({ status }) => status !== "DELETE_COMPLETE");
  if (path.endsWith("/jobs"))
    return (rows as readonly JobRow[]).filter(({ status }) => status === "InProgress");
  if (path.endsWith("/events"))
    return (rows as readonly QueuedEvent[]).filter((event) => event.function !== functions.observe);
  return path.includes("/executions:") ? (rows as readonly Execution[]).map(asFarAsAsked) : rows;
}

/**
 * Keeps of an ended execution only its failed actions, because the product and the invariants do not read its
 * other actions.
 */
const asFarAsAsked = (execution: Execution): unknown =>
  isOver(execution)
    ? {
        id: execution.id,
        status: execution.status,
        stop: execution.stop,
        revisions: execution.revisions,
        failed: execution.actions.filter(({ status }) => status === "Failed"),
      }
    : execution;

const ids =
  /(?<=kedge teardown )[0-9a-f]{12}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{64}\b|\b[0-9a-f]{32}\b|\b[0-9a-f]{24}\b|(?<![A-Za-z0-9._])[A-Za-z0-9._]{32}(?![A-Za-z0-9_])|(?<=\/[A-Za-z_]{1,10}\/)[A-Za-z0-9]{7}\b/g;

const times = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z|\b1[89]\d{11}\b/g;

const textOf = (row: unknown): string =>
  JSON.stringify(row, (key, value: unknown) =>
    ignored.has(key) ? undefined : key === "payload" && typeof value === "string" ? readable(value) : value,
  ).replace(times, "");

/** Parses the event, because events contain credentials, which the replacer leaves out. */
const readable = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
};
