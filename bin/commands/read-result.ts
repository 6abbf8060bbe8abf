/** Reads result objects the way any CI may: with GetObject on the central bucket, and a listing of its own results. */
import { setTimeout as wait } from "node:timers/promises";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { tellsMissing } from "#aws/missing-object.ts";
import { isFinal, type Result } from "#release/line/result.ts";
import { formatKey, type Line, resultKeys } from "#release/names/key.ts";
import { CommandError, exitCodes } from "./outcome.ts";

/** Undefined while there is none. */
export async function readResult(
  s3: S3Client,
  bucket: string,
  line: Line,
  version: string,
): Promise<Result | undefined> {
  const keys = resultKeys(formatKey(line), version);
  return readResultAt(s3, bucket, version === "latest" ? (keys.latest ?? keys.version) : keys.version);
}

/** By its own key; undefined while there is none. A denial is thrown: wrong credentials are not "not yet". */
export async function readResultAt(s3: S3Client, bucket: string, key: string): Promise<Result | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return JSON.parse((await Body?.transformToString()) ?? "") as Result;
  } catch (error) {
    if (await tellsMissing(error, s3, bucket, key)) return undefined;
    throw error;
  }
}

export type Follow = {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly line: Line;
  readonly version: string;
  readonly timeoutSeconds: number;
  readonly pollMs: number;
  /** Called for every change of the result. */
  readonly onChange: (result: Result) => void;
};

/** Follows a release to its end; throws when it takes longer than it may. */
export async function followResult(follow: Follow): Promise<Result> {
  const deadline = Date.now() + follow.timeoutSeconds * 1000;
  let seen = "";
  for (;;) {
    const result = await readResult(follow.s3, follow.bucket, follow.line, follow.version);
    if (result !== undefined && result.updatedAt + result.status + result.reason.code !== seen) {
      seen = result.updatedAt + result.status + result.reason.code;
      follow.onChange(result);
      if (isFinal(result)) return result;
    }
    if (Date.now() > deadline) {
      const state =
        result === undefined ? "no result has been written yet" : `the release is ${result.status}`;
      throw new CommandError(
        `Gave up after ${follow.timeoutSeconds} s: ${state}. The release goes on; see it with: kedge status --app ${JSON.stringify(follow.line.app)} --branch ${JSON.stringify(follow.line.branch)}`,
        exitCodes.timedOut,
      );
    }
    await wait(follow.pollMs);
  }
}
