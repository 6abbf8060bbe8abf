import { expect, it } from "vitest";
import { testCloud } from "#cloud/testing/cloud.ts";

const form = { "content-type": "application/x-www-form-urlencoded" };
const sentence = "The service NAME is not implemented in the embedded cloud.";

it.each([
  ["ec2", form, /^<Response><Errors><Error><Code>UnknownOperationException<.*<RequestID>/],
  ["rds", form, /^<ErrorResponse><Error><Type>Sender<.*<Code>UnknownOperationException<.*<RequestId>/],
  ["route53", {}, /^<ErrorResponse><Error>/],
  ["dynamodb", { "x-amz-target": "DynamoDB_20120810.ListTables" }, /"__type":"UnknownOperationException"/],
  ["apigateway", {}, /"__type":"UnknownOperationException"/],
])("answers a call of the absent service %s in its protocol", async (name, headers, body) => {
  await using cloud = await testCloud();
  const authorization = `AWS4-HMAC-SHA256 Credential=111111111111/20260101/us-east-1/${name}/aws4_request, SignedHeaders=host, Signature=00`;
  const answer = await fetch(`${cloud.endpoint}/`, {
    method: "POST",
    headers: { ...headers, authorization },
  });
  const text = await answer.text();
  expect([answer.status, answer.headers.get("x-amzn-requestid")]).toEqual([400, expect.any(String)]);
  expect(text).toMatch(body);
  expect(text).toContain(sentence.replace("NAME", name));
});

it("answers a call of an absent service in CBOR", async () => {
  await using cloud = await testCloud();
  const authorization =
    "AWS4-HMAC-SHA256 Credential=111111111111/20260101/us-east-1/arc-region-switch/aws4_request, SignedHeaders=host, Signature=00";
  const headers = { authorization, "smithy-protocol": "rpc-v2-cbor", "content-type": "application/cbor" };
  const url = `${cloud.endpoint}/service/ArcRegionSwitch/operation/ListPlans`;
  const answer = await fetch(url, { method: "POST", headers });
  expect([answer.status, answer.headers.get("content-type")]).toEqual([400, "application/cbor"]);
  expect(Buffer.from(await answer.arrayBuffer()).toString()).toContain(
    "arc-region-switch is not implemented",
  );
});
