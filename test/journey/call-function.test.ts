/** Tests the call action: the function's input, and how its answer or its failure ends the action. */
import { describe, expect, it } from "vitest";
import { callFunction } from "#journey/call-function.ts";
import type { TargetFunctions } from "#ports/target-functions.ts";
import { writeZip } from "#release/zip/zip-write.ts";
import { errorOf } from "#test/release/samples.ts";

type Call = Parameters<TargetFunctions["call"]>;

/** Functions that answer `said` and record their calls. */
function functionsSaying(said: Awaited<ReturnType<TargetFunctions["call"]>>) {
  const calls: Call[] = [];
  const call: TargetFunctions["call"] = async (...asked) => {
    calls.push(asked);
    return said;
  };
  return { calls, call };
}

const job = {
  environment: "prod",
  account: "444444444444",
  region: "us-east-1",
  stack: "kedge-app-prod-x",
  execution: "execution-1",
  input: { bucket: "cache", key: "Prepared" },
  parameters: { function: "mainframe", payload: "handed.json" },
};

async function call(said: Awaited<ReturnType<TargetFunctions["call"]>>, over: Partial<typeof job> = {}) {
  const functions = functionsSaying(said);
  const input = writeZip([{ name: "handed.json", content: '{"action":"deploy","secret":"s3cret"}' }]);
  const answer = await callFunction(
    { jobArtifacts: { read: async () => input }, functions },
    { ...job, ...over },
  );
  return { answer, calls: functions.calls };
}

describe("a function of the target", () => {
  it("is called in the target with the document and the id of the execution", async () => {
    const { calls } = await call({ answer: "null" });
    expect(
      calls.map(([{ account, region }, name, payload]) => [account, region, name, JSON.parse(payload)]),
    ).toEqual([
      [
        "444444444444",
        "us-east-1",
        "mainframe",
        { action: "deploy", secret: "s3cret", execution: "execution-1" },
      ],
    ]);
  });

  it.each([
    ['{"Url":"https://x","Count":3,"Ready":true}', { Url: "https://x", Count: "3", Ready: "true" }],
    [`{"deep":{"a":1},"bad name":"x","long":"${"x".repeat(1001)}","none":null,"empty":""}`, {}],
    ['["a"]', {}],
    ["null", {}],
    ["", {}],
  ])("an answer of %s gives the variables that CodePipeline takes", async (answer, outputs) => {
    expect((await call({ answer })).answer).toEqual({ type: "done", outputs });
  });

  it("is called again later when it takes no further call now", async () => {
    expect((await call({ busy: true })).answer).toEqual({ type: "later", continuation: "busy" });
  });

  it("fails the release with the function's error text, and shows nothing of its input", async () => {
    const error = await errorOf(() => call({ failed: "Refused: no window today" }));
    expect([error?.code, error?.message]).toEqual([
      "CallFailed",
      "The function mainframe in prod (account 444444444444, us-east-1) failed: Refused: no window today",
    ]);
  });

  it("reports Kedge's own fault when the plan names no function or the document is missing", async () => {
    const nameless = await errorOf(() =>
      call({ answer: "" }, { parameters: { payload: "handed.json" } as never }),
    );
    const without = await errorOf(() =>
      call({ answer: "" }, { parameters: { function: "mainframe", payload: "other.json" } }),
    );
    expect([nameless?.code, without?.code]).toEqual(["ReleaseDocumentMalformed", "ReleaseDocumentMalformed"]);
  });
});
