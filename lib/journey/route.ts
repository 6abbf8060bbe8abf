/**
 * Routes an upload: it sends a message to the line queue of the line's anchor, or writes a result that says
 * why the upload has no line.
 */

import type { EstateFile } from "#ports/estate-file.ts";
import type { LineQueue } from "#ports/line-queue.ts";
import type { Results } from "#ports/results.ts";
import { isRejection, type ReleaseError } from "#release/errors/errors.ts";
import { classOf } from "#release/estate/branch-class.ts";
import { rejectedResult } from "#release/line/report.ts";
import { formatResult } from "#release/line/result-shape.ts";
import { isOwnKey, type Line, parseKey, resultKeys } from "#release/names/key.ts";
import { anchorOf } from "#release/traits/targets.ts";
import type { UploadEvent } from "./event.ts";
import { lineMessage } from "./message.ts";

export type RouteDeps = {
  readonly estate: EstateFile;
  readonly results: Results;
  readonly lines: LineQueue;
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
    await deps.lines.send({ account, region }, [message]);
    return { to: "line", line };
  } catch (error) {
    if (!isRejection(error)) throw error;
    await reject(deps.results, upload, error);
    return { to: "uploader", error };
  }
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
