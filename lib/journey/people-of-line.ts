/** Finds the people of a result: AWS names the caller, and the result gets the caller's id. */
import type { People } from "#ports/people.ts";
import type { UploadRecords } from "#ports/upload-records.ts";
import type { ActionRun, Observation } from "#release/line/observation.ts";
import type { Result } from "#release/line/result.ts";
import { isDecided } from "#release/line/result-people.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import { identityOfArn } from "#release/people/identity.ts";
import type { Origin } from "#release/people/origin.ts";
import { authorNamed, type PersonRef, personOf, refTo } from "#release/people/person.ts";

export type PeopleDeps = {
  readonly people: Pick<People, "record">;
  readonly uploadRecords: Pick<UploadRecords, "read">;
};

/**
 * The origin of a version. A record may come late, because a resync can find an upload before its notification. The
 * claims belong to the newest version, because only the newest object was read.
 */
export async function uploadOf(
  { people, uploadRecords }: PeopleDeps,
  { line, artifact }: Pick<Observation, "line" | "artifact">,
  version: string,
  before: Result | undefined,
): Promise<Origin | undefined> {
  const known = before?.upload;
  const record = known?.by === undefined ? await uploadRecords.read(formatKey(line), version) : undefined;
  const { commit, author, run } = (artifact?.versionId === version && artifact.claims) || {};
  const writer =
    author === undefined || known?.author !== undefined ? undefined : await authorRef(people, line, author);
  return {
    ...(record && { by: record.by, at: record.at }),
    ...(commit !== undefined && { commit }),
    ...(writer && { author: writer }),
    ...(run !== undefined && { run }),
  };
}

async function authorRef(people: PeopleDeps["people"], { account }: Line, name: string): Promise<PersonRef> {
  return { id: await people.record(account, authorNamed(name)), kind: "author" };
}

/** The approver of a decided approval. A decision that an earlier result has is not looked up again. */
export async function deciderOf(
  people: PeopleDeps["people"],
  { account }: Line,
  run: ActionRun,
  before: () => Promise<Result | undefined>,
): Promise<PersonRef | undefined> {
  if (!isDecided(run)) return undefined;
  const decisions = (await before())?.decisions ?? [];
  const known = decisions.find(({ stage, at }) => stage === run.stage && at === run.endedAt);
  if (known !== undefined) return known.by;
  const identity = identityOfArn(run.decider ?? "");
  return identity && refTo(identity, await people.record(account, personOf(identity)));
}
