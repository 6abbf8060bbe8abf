/**
 * Routes an upload: it records the uploader and sends a message to the line queue of the line's anchor, or it
 * writes a result that says why the upload has no line.
 */

import type { EstateFile } from "#ports/estate-file.ts";
import type { LineQueue } from "#ports/line-queue.ts";
import type { People } from "#ports/people.ts";
import type { Results } from "#ports/results.ts";
import type { UploadRecords } from "#ports/upload-records.ts";
import { isRejection, type ReleaseError } from "#release/errors/errors.ts";
import { classOf } from "#release/estate/branch-class.ts";
import { rejectedResult } from "#release/line/report.ts";
import { formatResult } from "#release/line/result-shape.ts";
import { isOwnKey, type Line, parseKey, resultKeys } from "#release/names/key.ts";
import { identityOfPrincipalId } from "#release/people/identity.ts";
import { personOf, refTo } from "#release/people/person.ts";
import { anchorOf } from "#release/traits/targets.ts";
import type { UploadEvent } from "./event.ts";
import { lineMessage } from "./message.ts";

export type RouteDeps = {
  readonly estate: EstateFile;
  readonly results: Results;
  readonly lines: LineQueue;
  readonly people: Pick<People, "record">;
  readonly uploadRecords: Pick<UploadRecords, "write">;
};

type Routed =
  | { readonly to: "line"; readonly line: Line }
  | { readonly to: "uploader"; readonly error: ReleaseError }
  | { readonly to: "nobody" };

/** `messageId` is the id in the intake queue: a redelivered message reaches the line once. */
export async function route(deps: RouteDeps, upload: UploadEvent, messageId: string): Promise<Routed> {
  if (isOwnKey(upload.key)) return { to: "nobody" };
  const estate = await deps.estate.load();
  try {
    const line = parseKey(upload.key);
    const { account, region } = anchorOf(estate, line);
    const request = { cause: "upload", line, versionId: upload.versionId } as const;
    const message = lineMessage(request, classOf(estate, line), messageId);
    await recordUploader(deps, line, upload);
    await deps.lines.send({ account, region }, [message]);
    return { to: "line", line };
  } catch (error) {
    if (!isRejection(error)) throw error;
    await reject(deps.results, upload, error);
    return { to: "uploader", error };
  }
}

/** The record comes before the message, so that reconcile finds it. */
async function recordUploader(
  { people, uploadRecords }: Pick<RouteDeps, "people" | "uploadRecords">,
  { account }: Line,
  { key, versionId, at, principalId = "" }: UploadEvent,
): Promise<void> {
  const uploader = identityOfPrincipalId(principalId);
  if (uploader === undefined) return;
  const id = await people.record(account, personOf(uploader));
  await uploadRecords.write(key, versionId, { schema: 1, by: refTo(uploader, id), at });
}

/** Routes a request of the cloud team to reconcile a line, for example after a rollout. */
export async function routeReconcileRequest(
  { estate, lines }: Pick<RouteDeps, "estate" | "lines">,
  line: Line,
  messageId: string,
): Promise<void> {
  const known = await estate.load();
  const { account, region } = anchorOf(known, line);
  await lines.send({ account, region }, [
    lineMessage({ cause: "operator", line }, classOf(known, line), messageId),
  ]);
}

async function reject(results: Results, upload: UploadEvent, error: ReleaseError): Promise<void> {
  const { key, versionId, at } = upload;
  const json = formatResult(rejectedResult(key, versionId, error, at));
  const keys = resultKeys(key, versionId);
  await results.write(keys.version, json);
  if (keys.latest !== undefined) await results.write(keys.latest, json);
}
