/**
 * Uploads that are wrong by mistake or malice end in a rejected result of their own, without a pipeline and
 * without a retry loop.
 */
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { codes, type ErrorCode } from "#release/errors/errors.ts";
import type { Result } from "#release/line/result.ts";
import { formatKey, resultKeys } from "#release/names/key.ts";
import { writeZip } from "#release/zip/zip-write.ts";
import { fixture } from "#test/release/zip/zip-fixtures.ts";
import { topicTemplate, zipOf } from "#test/support/artifact.ts";
import { estate, shopLine, type TestEstate, until } from "#test/support/estate.ts";
import { kedge } from "#test/support/kedge.ts";

async function rejection(shop: TestEstate, key: string, version: string): Promise<Result> {
  const Key = resultKeys(key, version).version;
  return until(`a result at ${Key}`, async () => {
    try {
      const { Body } = await shop
        .clients(S3Client, "101010101010")
        .send(new GetObjectCommand({ Bucket: shop.bucket, Key }));
      const result = JSON.parse((await Body?.transformToString()) ?? "") as Result;
      return result.status === "releasing" ? undefined : result;
    } catch (error) {
      if (error instanceof Error && error.name === "NoSuchKey") return undefined;
      throw error;
    }
  });
}

function expectRejected(result: Result, code: ErrorCode): void {
  expect([result.status, result.reason.code]).toEqual(["rejected", code]);
  expect(result.reason.sentence).toMatch(/\w+ \w+/);
  expect(result.reason.remedy).toBe(codes[code].remedy);
  expect(result.stages).toEqual([]);
}

const topic = topicTemplate("Topic");
const declared = (zip: Uint8Array, at: number, bytes: readonly number[]): Uint8Array => {
  const copy = Buffer.from(zip);
  copy.set(bytes, copy.indexOf("PK\x01\x02", 0, "latin1") + at);
  return copy;
};
const small = writeZip([{ name: "template.json", content: topic }]);

test.for<[string, string, ErrorCode]>([
  ["names no branch", "111111111111/journey-bad/latest.zip", "KeyMissingSegments"],
  ["names nothing but an account", "111111111111/latest.zip", "KeyMissingSegments"],
  ["has an empty segment", "111111111111//main/latest.zip", "KeyEmptySegment"],
  ["goes on after latest.zip", "111111111111/journey-bad/main/latest.zip/more", "KeyMalformed"],
  ["ends in another name", "111111111111/journey-bad/main/artifact.zip", "KeyMalformed"],
  ["has a control character", "111111111111/journey-bad/ma\u0007in/latest.zip", "KeyControlCharacter"],
  ["leaves no room for its result", `111111111111/journey-bad/${"x".repeat(970)}/latest.zip`, "KeyTooLong"],
])("a key that %s is rejected", async ([, Key, code]) => {
  const shop = estate();
  const s3 = await shop.as(S3Client, "111111111111", "kedge-ci");
  const { VersionId = "" } = await s3.send(
    new PutObjectCommand({ Bucket: shop.bucket, Key, Body: Buffer.from(small) }),
  );
  expectRejected(await rejection(shop, Key, VersionId), code);
});

test.for<[string, string, ErrorCode]>([
  ["of an account the estate does not know", "999999999999/journey-bad/main/latest.zip", "AccountUnknown"],
  ["of a number that is no account", "1234/journey-bad/main/latest.zip", "KeyAccountMalformed"],
])("a key %s is rejected", async ([, Key, code]) => {
  const shop = estate();
  const { VersionId = "" } = await shop
    .clients(S3Client, "101010101010")
    .send(new PutObjectCommand({ Bucket: shop.bucket, Key, Body: Buffer.from(small) }));
  expectRejected(await rejection(shop, Key, VersionId), code);
});

test.for<[string, () => Uint8Array | Promise<Uint8Array>, ErrorCode]>([
  ["no-zip", () => Buffer.from("<html>not found</html>"), "NotAZip"],
  ["truncated", () => fixture("infozip").subarray(0, -30), "ZipTruncated"],
  ["encrypted", () => fixture("encrypted"), "ZipEncrypted"],
  ["symlink", () => fixture("symlink"), "ZipSymlink"],
  [
    "slip",
    () =>
      writeZip([
        { name: "template.json", content: topic },
        { name: "../../etc/passwd", content: "root" },
      ]),
    "ZipSlip",
  ],
  [
    "slip-absolute",
    () =>
      writeZip([
        { name: "template.json", content: topic },
        { name: "/etc/passwd", content: "root" },
      ]),
    "ZipSlip",
  ],
  ["bomb", () => declared(small, 24, [0, 0, 0, 0x20]), "ZipBomb"],
  ["no-template", () => zipOf({ "readme.md": "nothing to deploy" }), "NoTemplateFits"],
  [
    "template-of-nothing",
    () => zipOf({ "template.yaml": "Resources: [this, is, a, list]\n" }),
    "TemplateMalformed",
  ],
  [
    "template-no-yaml",
    () => zipOf({ "template.yaml": "Resources: {Topic: {Type: AWS::SNS::Topic}\n" }),
    "TemplateMalformed",
  ],
  [
    "unknown-environment",
    () => zipOf({ "template.json": topic, "parameters.staging.json": "{}" }),
    "UnknownEnvironment",
  ],
])("the artifact %s is rejected, and there is no pipeline for it", async ([app, artifact, code]) => {
  const shop = estate();
  const line = shopLine(`journey-bad-${app}`);
  const version = await shop.upload(line, await artifact());
  const result = await rejection(shop, formatKey(line), version);
  expectRejected(result, code);
  expect(result.line).toEqual(line);
  expect(await shop.stacksLeft(line)).toEqual([]);
});

// Some errors show only when the whole artifact is read. The pipeline's first stages find them, before any
// account changes.
test.for<[string, () => Promise<Uint8Array>, ErrorCode]>([
  [
    "unknown-parameter",
    () => zipOf({ "template.json": topic, "parameters.json": '{"Nobody":"1"}' }),
    "ParametersUnknown",
  ],
  [
    "missing-file",
    () =>
      zipOf({
        "template.json": JSON.stringify({
          Resources: {
            Nested: { Type: "AWS::CloudFormation::Stack", Properties: { TemplateURL: "./nested.yaml" } },
          },
        }),
      }),
    "ReferenceMissing",
  ],
])("the artifact %s fails before its first environment is touched", async ([app, artifact, code]) => {
  const shop = estate();
  const line = shopLine(`journey-bad-${app}`);
  const result = await shop.result(line, await shop.upload(line, await artifact()), "failed");
  expect([result.reason.code, result.reason.remedy]).toEqual([code, codes[code].remedy]);
  expect(await shop.appStack(line, "dev")).toBeUndefined();
});

test("an app and a branch of odd but valid characters are released", async () => {
  const shop = estate();
  const line = shopLine("journey odd (1)+&=", "fix/ünïcode 'quoted' \"twice\" %2F #7 ☃");
  const version = await shop.upload(line, await zipOf({ "template.json": topic }));
  expect((await shop.result(line, version, "released")).line).toEqual(line);
});

test("a bad version leaves the previous release unchanged", async () => {
  const shop = estate();
  const line = shopLine("journey-bad-second", "feature/x");
  await shop.result(line, await shop.upload(line, await zipOf({ "template.json": topic })), "released");
  const before = await shop.appStack(line, "dev");
  const version = await shop.upload(line, Buffer.from("oops"));
  expectRejectedOver(await rejection(shop, formatKey(line), version));
  expect(await shop.executions(line)).toHaveLength(1);
  expect(await shop.appStack(line, "dev")).toEqual(before);
});

const expectRejectedOver = (result: Result): void =>
  expect([result.status, result.reason.code]).toEqual(["rejected", "NotAZip"]);

test("the dead-letter queues are empty after all bad uploads", async () => {
  const shop = estate();
  const depth = async (account: string, QueueName: string): Promise<string | undefined> => {
    const sqs = shop.clients(SQSClient, account);
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["ApproximateNumberOfMessages"] }),
    );
    return Attributes?.["ApproximateNumberOfMessages"];
  };
  expect(await depth("101010101010", "kedge-intake-dlq")).toBe("0");
  expect(await depth("111111111111", "kedge-lines-dlq.fifo")).toBe("0");
});

test.for<[string, string, () => Promise<Uint8Array>, string]>([
  [
    "a secret of another application",
    "secret",
    () =>
      zipOf({
        "template.json": JSON.stringify({
          Parameters: { Key: { Type: "String", NoEcho: true } },
          Resources: { Topic: { Type: "AWS::SNS::Topic", Properties: { DisplayName: { Ref: "Key" } } } },
        }),
        "parameters.json": JSON.stringify({ Key: "${secret:orders/partner}" }),
      }),
    "takes the secret orders/partner",
  ],
  [
    "a function URL without authorization",
    "url",
    () =>
      zipOf({
        "template.json": JSON.stringify({
          Resources: {
            Url: {
              Type: "AWS::Lambda::Url",
              Properties: { TargetFunctionArn: "orders", AuthType: "NONE" },
            },
          },
        }),
      }),
    "function-url-open in prod",
  ],
])("a release with %s is refused before its first environment", async ([, app, artifact, said]) => {
  const shop = estate();
  const line = shopLine(`journey-rule-${app}`);
  const version = await shop.upload(line, await artifact());
  const { reason, stages } = await shop.result(line, version, "failed");
  expect([reason.code, reason.sentence]).toEqual(["RuleBroken", expect.stringContaining(said)]);
  expect(stages.find(({ name }) => name === "dev")?.startedAt).toBeUndefined();
  expect(await shop.appStack(line, "dev")).toBeUndefined();
  const shown = await kedge(["status", "--app", line.app, "--branch", line.branch], { shop });
  expect([shown.code, shown.stdout]).toEqual([1, expect.stringContaining("What to do: ")]);
});
