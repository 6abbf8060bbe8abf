/**
 * Tests that each hostile upload ends as its row says, with a result for its uploader, in bounded time and
 * without a retry loop.
 */
import { setTimeout as wait } from "node:timers/promises";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { resultsS3 } from "#aws/results-s3.ts";
import { readResultAt } from "#operate/read-result.ts";
import { codes } from "#release/errors/errors.ts";
import { finalStatuses, type Result } from "#release/line/result.ts";
import { formatKey, parseKey, resultKeys } from "#release/names/key.ts";
import { estate, shopLine, type TestEstate, until } from "#test/support/estate.ts";
import type { Row } from "./row.ts";
import { table } from "./table.ts";

const central = "101010101010";
/** Longer than any answer takes. After this time the test takes the object for ignored. */
const silenceMs = 1500;

const bytesOf = async ({ bytes }: Row): Promise<Uint8Array> =>
  typeof bytes === "function" ? bytes() : bytes;

async function put(shop: TestEstate, row: Row, Key: string, Body: Uint8Array): Promise<string> {
  const account = "111111111111";
  const s3 =
    row.as === "cloud team" ? shop.clients(S3Client, central) : await shop.as(S3Client, account, "kedge-ci");
  return (await s3.send(new PutObjectCommand({ Bucket: shop.bucket, Key, Body }))).VersionId ?? "";
}

const resultOf = (shop: TestEstate, key: string, version: string): Promise<Result> =>
  until(`the result of ${JSON.stringify(key)}`, async () => {
    const { version: at } = resultKeys(key, version);
    const result = await readResultAt(resultsS3(shop.clients(S3Client, central), shop.bucket), at);
    return result !== undefined && finalStatuses.includes(result.status) ? result : undefined;
  });

async function become(shop: TestEstate, row: Row, key: string): Promise<Row["becomes"]> {
  if (row.after !== undefined) await resultOf(shop, key, await put(shop, row, key, row.after));
  const body = await bytesOf(row);
  const version = await put(shop, row, key, body).catch((error: unknown) => ({
    rejectedByS3: error instanceof Error ? error.name : String(error),
  }));
  if (typeof version !== "string") return version;
  if (row.becomes === "ignored") {
    await wait(silenceMs);
    const { version: at } = resultKeys(key, version);
    const result = await readResultAt(resultsS3(shop.clients(S3Client, central), shop.bucket), at);
    return result === undefined ? "ignored" : { rejected: result.reason.code as never };
  }
  const result = await resultOf(shop, key, version);
  if (result.status === "torn-down" || result.status === "released") return result.status;
  const { code, sentence, remedy } = result.reason;
  expect(sentence).toMatch(/\w+ \w+/);
  expect(sentence.length).toBeLessThan(5000);
  expect(remedy).toBe(codes[code as keyof typeof codes].remedy);
  if (result.line !== undefined) expect(formatKey(result.line)).toBe(key);
  return (result.status === "rejected" ? { rejected: code } : { failed: code }) as Row["becomes"];
}

test.for(table.map((row, index): readonly [string, Row, number] => [row.what, row, index]))(
  "%s ends as its row says",
  async ([, row, index]) => {
    const shop = estate();
    const key = row.key ?? formatKey(shopLine(`hostile-${index}`, "feature/x"));
    expect(await become(shop, row, key)).toEqual(row.becomes);
    if (typeof row.becomes === "object" && "rejected" in row.becomes && row.key === undefined)
      expect(await shop.stacksLeft(parseKey(key))).toEqual([]);
  },
);

test("the table has no two rows with the same name, and has at least 150 rows", () => {
  expect(new Set(table.map(({ what }) => what)).size).toBe(table.length);
  expect(table.length).toBeGreaterThanOrEqual(150);
});
