/** Tests that the cloud answers programs and refuses web pages, over HTTP. */
import { request } from "node:http";
import { describe, expect, it } from "vitest";
import { testCloud } from "#cloud/testing/cloud.ts";

type Headers = Readonly<Record<string, string>>;
type Answer = { readonly status: number; readonly text: string; readonly headers: Headers };

/** `fetch` may not set these headers, so the request is a plain one. */
const send = (url: string, method: string, headers: Headers, body = ""): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, text, headers: response.headers as Headers });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });

const key =
  "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=111111111111/20260101/us-east-1/iam/aws4_request&X-Amz-Date=20260101T000000Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature=00";

const sqsKey =
  "AWS4-HMAC-SHA256 Credential=111111111111/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=00";

describe("a request of a web page", () => {
  it.each<[string, Headers]>([
    ["a foreign Host, as after DNS rebinding", { host: "evil.example" }],
    ["a foreign Host with the cloud's name in it", { host: "127.0.0.1.evil.example" }],
    ["a foreign Origin", { origin: "http://evil.example" }],
    ["an Origin that begins like the cloud's", { origin: "http://localhost.evil.example" }],
    ["the Origin null of a sandboxed frame or a file", { origin: "null" }],
    ["a foreign Referer, as an image has", { referer: "http://evil.example/page" }],
    ["Sec-Fetch-Site alone, as an image without a Referer has", { "sec-fetch-site": "cross-site" }],
    ["Sec-Fetch-Site same-site alone", { "sec-fetch-site": "same-site" }],
  ])("is refused with %s, at each port and path", async (_, headers) => {
    await using cloud = await testCloud();
    for (const endpoint of [cloud.endpoint, cloud.sandboxEndpoint])
      for (const path of ["/_cloud/calls", `/?${key}&Action=ListRoles&Version=2010-05-08`, "/bucket/key"]) {
        const { status, text } = await send(`${endpoint}${path}`, "GET", {
          "x-local-cloud": "1",
          ...headers,
        });
        expect([path, status]).toEqual([path, 403]);
        expect(text).toMatch(/^(The Host|A page of) /);
      }
  });

  it.each<[string, Headers]>([
    ["a browser's own headers", { "user-agent": "Mozilla/5.0", origin: "http://localhost:3000" }],
    ["no User-Agent", {}],
    ["a User-Agent that has a tool's name in it", { "user-agent": "Mozilla/5.0 curl/8" }],
  ])("cannot use /_cloud with %s", async (_, headers) => {
    await using cloud = await testCloud();
    const { status, text } = await send(`${cloud.endpoint}/_cloud/clock`, "POST", headers, '{"push":1}');
    expect([status, text]).toEqual([403, expect.stringContaining("needs the header x-local-cloud")]);
    expect((await send(`${cloud.endpoint}/_cloud/health`, "GET", headers)).status).toBe(403);
    const allowed = { ...headers, "x-local-cloud": "1" };
    expect((await send(`${cloud.endpoint}/_cloud/clock`, "POST", allowed, '{"push":1}')).status).toBe(200);
  });

  it("gets no approval of a preflight for /_cloud", async () => {
    await using cloud = await testCloud();
    const headers = {
      origin: "http://localhost:3000",
      "access-control-request-method": "POST",
      "access-control-request-headers": "x-local-cloud",
    };
    const answer = await send(`${cloud.endpoint}/_cloud/clock`, "OPTIONS", headers);
    expect([answer.status, answer.headers["access-control-allow-origin"]]).toEqual([403, undefined]);
  });
});

describe("a request of a program", () => {
  it.each<[string, Headers]>([
    ["localhost", { host: "localhost:4566" }],
    ["a bucket below localhost", { host: "bucket.localhost:4566" }],
    ["the loopback address of IPv6", { host: "[::1]:4566" }],
    ["a name that was given", { host: "Cloud.Test:4566" }],
    [
      "the page of a developer's own server",
      { origin: "http://localhost:3000", "sec-fetch-site": "cross-site" },
    ],
  ])("is answered under %s", async (_, headers) => {
    await using cloud = await testCloud({ hosts: ["cloud.test"] });
    const { status } = await send(`${cloud.endpoint}/_cloud/health`, "GET", {
      "x-local-cloud": "1",
      ...headers,
    });
    expect(status).toBe(200);
  });
});

describe("a body for /_cloud", () => {
  it.each([
    ["faults", '{"when":"before","times":2}', "There is no field times; there are: account, service"],
    ["faults", '{"when":"before","count":"2"}', 'count is "2"; expected a whole number from 1 on.'],
    ["faults", '{"when":"before","service":3}', "service is 3; expected a text."],
    ["faults", '{"service":"sqs"}', "when is undefined; expected"],
    ["faults", "[]", "The body is []; expected an object."],
    ["faults", "{", "JSON"],
    ["clock", '{"push":"1"}', 'push is "1"; expected the number of milliseconds'],
    ["clock", '{"push":1,"hours":1}', "There is no field hours; there are: push."],
    ["reset", '{"hard":true}', "There is no field hard; there are: none."],
  ])("rejects a body to %s that is %s, and names the field", async (path, body, message) => {
    await using cloud = await testCloud();
    const answer = await fetch(`${cloud.endpoint}/_cloud/${path}`, {
      method: "POST",
      headers: { "x-local-cloud": "1" },
      body,
    });
    expect([answer.status, await answer.json()]).toEqual([400, { error: expect.stringContaining(message) }]);
  });
});

it("reads no more of a body than any service of AWS takes, and says so", async () => {
  await using cloud = await testCloud();
  const chunk = Buffer.alloc(1 << 20, " ");
  const body = ReadableStream.from(
    (async function* () {
      for (let sent = 0; sent < 140; sent += 1) yield chunk;
    })(),
  );
  const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSQS.ListQueues" };
  const order = { method: "POST", headers: { ...headers, authorization: sqsKey }, body, duplex: "half" };
  const answer = await fetch(cloud.endpoint, order as RequestInit);
  expect([answer.status, await answer.text()]).toEqual([
    413,
    expect.stringContaining("RequestEntityTooLarge"),
  ]);
});
