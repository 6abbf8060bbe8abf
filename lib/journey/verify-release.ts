/**
 * The pipeline's verify action: a new version has its part of the traffic for some minutes, and alarms of the target
 * account say whether it does well. Nobody waits inside: the token says until when to look again.
 */
import { ReleaseError } from "#release/errors.ts";
import { valueTree } from "#release/node-tree.ts";
import { integer, listOf, object, readShape, text } from "#release/shape.ts";
import type { JobAnswer, WorkerJob } from "./job.ts";
import type { Alarm, Alarms, Clock } from "./ports.ts";

export type VerifyWorld = { readonly alarms: Alarms; readonly clock: Clock };

const shape = object({ minutes: integer(0, 10_080), alarms: listOf(text()) });

/** Throws `VerificationFailed`, naming every alarm that is in ALARM, or that is not there. */
export async function verifyRelease({ alarms, clock }: VerifyWorld, job: WorkerJob): Promise<JobAnswer> {
  const read = readShape(shape, valueTree(job.parameters));
  if ("problems" in read)
    throw new ReleaseError("ReleaseDocumentMalformed", "The action says neither minutes nor alarms.");
  const { minutes, alarms: names } = read.value;
  const until = job.continuation ?? later(clock(), minutes);
  const known = names.length === 0 ? [] : await alarms.describe(job, names);
  const where = `${job.environment} (account ${job.account}, ${job.region})`;
  const missing = names.filter((name) => !known.some((alarm) => alarm.name === name));
  if (missing.length > 0) throw failed(`There is no alarm ${missing.join(", ")} in ${where}.`);
  const firing = known.filter(({ firing }) => firing);
  if (firing.length > 0) throw failed(`In ${where}: ${firing.map(sentence).join(" ")}`);
  return clock() < until ? { type: "later", continuation: until } : { type: "done", outputs: {} };
}

const later = (now: string, minutes: number): string =>
  new Date(Date.parse(now) + minutes * 60_000).toISOString();

function sentence({ name, metric, value, threshold, reason }: Alarm): string {
  const head = `The alarm ${name} is in ALARM`;
  if (metric === undefined || value === undefined || threshold === undefined) return `${head}: ${reason}`;
  const distance = Number(Math.abs(value - threshold).toPrecision(6));
  return `${head}: ${metric} is ${value}, ${distance} ${value < threshold ? "below" : "above"} its threshold of ${threshold}.`;
}

const failed = (seen: string): ReleaseError => new ReleaseError("VerificationFailed", seen);
