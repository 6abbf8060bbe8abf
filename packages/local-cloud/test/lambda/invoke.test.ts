import {
  CreateFunctionCommand,
  InvokeCommand,
  PublishLayerVersionCommand,
  PutFunctionConcurrencyCommand,
} from "@aws-sdk/client-lambda";
import { describe, expect, it } from "vitest";
import { lambdaCloud, zip } from "./functions.ts";

describe("an invoked function", () => {
  it("gets its event and context and answers, twice from the same sandbox", async () => {
    await using setup = await lambdaCloud();
    await setup.create("echo", {
      "index.mjs": `let calls = 0;
        export const handler = async (event, context) =>
          ({ event, calls: ++calls, name: context.functionName, left: context.getRemainingTimeInMillis() > 0 });`,
    });
    const first = await setup.invoke("echo", { a: 1 });
    expect(first.payload).toEqual({ event: { a: 1 }, calls: 1, name: "echo", left: true });
    expect(first).toMatchObject({ StatusCode: 200, ExecutedVersion: "$LATEST" });
    expect(first.FunctionError).toBeUndefined();
    expect((await setup.invoke("echo")).payload).toMatchObject({ calls: 2 });
  });

  it("keeps the sandbox that was used last when too many are idle", async () => {
    await using setup = await lambdaCloud({ trusted: true });
    const counting = { "index.mjs": "let calls = 0; export const handler = async () => ++calls;" };
    const others = Array.from({ length: 25 }, (_, index) => `other-${index}`);
    for (const name of ["busy", ...others]) await setup.create(name, counting);
    for (const [index, name] of others.entries()) {
      expect((await setup.invoke("busy")).payload).toBe(index + 1);
      await setup.invoke(name);
    }
    expect((await setup.invoke("busy")).payload).toBe(others.length + 1);
    expect((await setup.invoke("other-0")).payload).toBe(1);
  });

  it("shares few sandboxes among many short invocations that come at once", async () => {
    await using setup = await lambdaCloud({ trusted: true });
    const source = "const id = Math.random(); export const handler = async () => id;";
    await setup.create("short", { "index.mjs": source });
    const answers = await Promise.all(Array.from({ length: 30 }, () => setup.invoke("short")));
    expect(new Set(answers.map(({ payload }) => payload)).size).toBeLessThan(15);
  });

  it("gets a sandbox of its own when all others are busy", async () => {
    await using setup = await lambdaCloud({ trusted: true });
    // Each invocation ends when three of them run at the same time. They meet in a folder that sandboxes do not share.
    const source = `import { readdirSync, writeFileSync } from "node:fs";
      import { setTimeout } from "node:timers/promises";
      import { join } from "node:path";
      const folder = join(process.env.TMPDIR, "..");
      export const handler = async () => {
        writeFileSync(join(folder, Math.random() + ".started"), "");
        while (readdirSync(folder).filter((name) => name.endsWith(".started")).length < 3) await setTimeout(5);
        return process.env.TMPDIR;
      };`;
    await setup.create("long", { "index.mjs": source }, { Timeout: 60 });
    const answers = await Promise.all(Array.from({ length: 3 }, () => setup.invoke("long")));
    expect(answers.map(({ FunctionError }) => FunctionError)).toEqual([undefined, undefined, undefined]);
    expect(new Set(answers.map(({ payload }) => payload)).size).toBe(3);
  });

  it("sees its own environment, its role's credentials and the cloud's endpoint, and nothing of the host's", async () => {
    await using setup = await lambdaCloud();
    await setup.create(
      "env",
      { "index.mjs": "export const handler = async () => ({ ...process.env });" },
      { Environment: { Variables: { STAGE: "dev" } } },
    );
    const { payload } = await setup.invoke("env");
    expect(payload).toMatchObject({
      STAGE: "dev",
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL: setup.cloud.sandboxEndpoint,
      AWS_LAMBDA_FUNCTION_NAME: "env",
    });
    expect(payload?.["AWS_SESSION_TOKEN"]).toEqual(expect.any(String));
    const known = /^(AWS_|LAMBDA_|LANG$|TZ$|PATH$|STAGE$|_HANDLER$|TMPDIR$|HOME$|_X_AMZN_TRACE_ID$)/;
    expect(Object.keys(payload ?? {}).filter((name) => !known.test(name))).toEqual([]);
  });

  it("calls AWS as its role with the SDK of the runtime", async () => {
    await using setup = await lambdaCloud();
    await setup.create("who", {
      "index.mjs": `import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
        export const handler = async () => (await new STSClient().send(new GetCallerIdentityCommand())).Arn;`,
    });
    expect((await setup.invoke("who")).payload).toBe("arn:aws:sts::111111111111:assumed-role/functions/who");
  });

  it.each([
    ["an .mjs module", "index.handler", { "index.mjs": "export const handler = async () => 1;" }],
    ["a CommonJS module", "index.handler", { "index.js": "exports.handler = async () => 1;" }],
    ["a folder", "src/app.run", { "src/app.js": "exports.run = async () => 1;" }],
    ["a .cjs module", "index.handler", { "index.cjs": "module.exports = { handler: async () => 1 };" }],
    [
      "an ES module by package.json",
      "index.handler",
      { "package.json": '{"type":"module"}', "index.js": "export const handler = () => 1;" },
    ],
    ["a nested name", "index.api.get", { "index.js": "exports.api = { get: async () => 1 };" }],
  ])("may be in %s", async (_kind, Handler, files) => {
    await using setup = await lambdaCloud();
    await setup.create("f", files as Record<string, string>, { Handler });
    expect((await setup.invoke("f")).payload).toBe(1);
  });

  it("may answer by callback until nodejs22.x, and is rejected from nodejs24.x on", async () => {
    await using setup = await lambdaCloud();
    const files = {
      "index.js": "exports.handler = (event, context, done) => setImmediate(() => done(null, 'ok'));",
    };
    await setup.create("old", files, { Runtime: "nodejs22.x" });
    expect((await setup.invoke("old")).payload).toBe("ok");
    await setup.create("new", files);
    expect((await setup.invoke("new")).payload).toMatchObject({
      errorType: "Runtime.CallbackHandlerDeprecated",
    });
  });

  it("finds modules of its layers", async () => {
    await using setup = await lambdaCloud();
    const { LayerVersionArn = "" } = await setup.lambda.send(
      new PublishLayerVersionCommand({
        LayerName: "words",
        Content: {
          ZipFile: await zip({
            "nodejs/node_modules/word/index.js": "exports.word = 'from a layer';",
            "nodejs/node_modules/word/package.json": '{"name":"word","main":"index.js"}',
          }),
        },
      }),
    );
    await setup.create(
      "f",
      { "index.mjs": "import { word } from 'word'; export const handler = async () => word;" },
      { Layers: [LayerVersionArn] },
    );
    expect((await setup.invoke("f")).payload).toBe("from a layer");
  });

  it.each([
    [
      "throws",
      3,
      "throw new TypeError('boom');",
      { errorType: "TypeError", errorMessage: "boom", trace: expect.arrayContaining(["TypeError: boom"]) },
    ],
    [
      "exits",
      3,
      "process.exit(7);",
      {
        errorType: "Runtime.ExitError",
        errorMessage: expect.stringMatching(
          /^RequestId: .* Error: Runtime exited with error: exit status 7$/,
        ),
      },
    ],
    [
      "hangs",
      1,
      "await new Promise(() => {});",
      {
        errorType: "Sandbox.Timedout",
        errorMessage: expect.stringContaining("Task timed out after 1.00 seconds"),
      },
    ],
    [
      "loops for ever",
      1,
      "for (;;);",
      {
        errorType: "Sandbox.Timedout",
        errorMessage: expect.stringContaining("Task timed out after 1.00 seconds"),
      },
    ],
    [
      "loses a rejection",
      3,
      "Promise.reject(new Error('lost')); await new Promise(() => {});",
      { errorType: "Runtime.UnhandledPromiseRejection" },
    ],
    [
      "eats all memory",
      30,
      "const all = []; for (;;) all.push(new Array(1e5).fill(all.length));",
      { errorType: "Runtime.ExitError", errorMessage: expect.stringContaining("signal: killed") },
    ],
  ])(
    "a function that %s fails in AWS's words, and its next invocation succeeds",
    async (_what, Timeout, code, fault) => {
      await using setup = await lambdaCloud();
      await setup.create(
        "bad",
        {
          "index.mjs": `export const handler = async ({ fail }) => { if (fail) { ${code} } return "fine"; };`,
        },
        { Timeout },
      );
      const { FunctionError, payload, log } = await setup.invoke("bad", { fail: true });
      expect({ FunctionError, payload }).toMatchObject({ FunctionError: "Unhandled", payload: fault });
      expect(log).toContain("END RequestId");
      expect((await setup.invoke("bad")).payload).toBe("fine");
    },
    30_000,
  );

  it.each([
    [{ "index.mjs": "export const other = 1;" }, "Runtime.HandlerNotFound"],
    [{ "other.mjs": "" }, "Runtime.ImportModuleError"],
    [{ "index.mjs": "import 'nothing-of-that-name';" }, "Runtime.ImportModuleError"],
    [{ "index.mjs": "export const handler = (" }, "Runtime.UserCodeSyntaxError"],
    [{ "index.mjs": "throw new RangeError('at start');" }, "RangeError"],
  ])("reports why a function cannot be loaded (%j)", async (files, errorType) => {
    await using setup = await lambdaCloud();
    await setup.create("f", files as Record<string, string>);
    expect((await setup.invoke("f")).payload).toMatchObject({ errorType });
  });

  it("is refused beyond its reserved concurrency", async () => {
    await using setup = await lambdaCloud();
    await setup.create("f", { "index.mjs": "export const handler = async () => 1;" });
    await setup.lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName: "f", ReservedConcurrentExecutions: 0 }),
    );
    await expect(setup.invoke("f")).rejects.toMatchObject({
      name: "TooManyRequestsException",
      Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
    });
  });

  it("ends when a crash fault hits a call with its credentials", async () => {
    await using setup = await lambdaCloud();
    await setup.create("f", {
      "index.mjs": `import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
        export const handler = async () => (await new SQSClient().send(new ListQueuesCommand({}))).$metadata.httpStatusCode;`,
    });
    const response = await fetch(`${setup.cloud.endpoint}/_cloud/faults`, {
      method: "POST",
      headers: { "x-local-cloud": "1" },
      body: JSON.stringify({
        service: "sqs",
        operation: "ListQueues",
        when: "before",
        crash: true,
        count: 1,
      }),
    });
    expect(response.status).toBe(200);
    expect((await setup.invoke("f")).payload).toMatchObject({ errorType: "Runtime.ExitError" });
    expect((await setup.invoke("f")).payload).toBe(200);
  });
});

describe("Invoke and CreateFunction", () => {
  it("rejects an absent function, invalid JSON, an invalid zip, and a role that Lambda may not assume", async () => {
    await using setup = await lambdaCloud();
    await expect(setup.invoke("none")).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "Function not found: arn:aws:lambda:us-east-1:111111111111:function:none",
    });
    await setup.create("f", { "index.mjs": "export const handler = async () => 1;" });
    await expect(
      setup.lambda.send(new InvokeCommand({ FunctionName: "f", Payload: "{" })),
    ).rejects.toMatchObject({ name: "InvalidRequestContentException" });
    const Code = { ZipFile: Buffer.from("no zip") };
    await expect(setup.create("g", {}, { Code })).rejects.toThrow("Could not unzip uploaded file.");
    const Role = await setup.role("builder", [], "codebuild.amazonaws.com");
    await expect(setup.create("g", { "index.mjs": "" }, { Role })).rejects.toThrow(
      "The role defined for the function cannot be assumed by Lambda.",
    );
    await expect(setup.create("f", { "index.mjs": "" })).rejects.toMatchObject({
      name: "ResourceConflictException",
    });
  });

  it("reports Pending until the function is active", async () => {
    await using setup = await lambdaCloud();
    const made = await setup.lambda.send(
      new CreateFunctionCommand({
        FunctionName: "f",
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        Role: setup.defaultRole,
        Code: { ZipFile: await zip({ "index.mjs": "export const handler = async () => 1;" }) },
      }),
    );
    expect(made).toMatchObject({ State: "Pending", LastUpdateStatus: "Successful" });
    await expect(setup.invoke("f")).rejects.toThrow("currently in the following state: Pending");
    await setup.cloud.clock.push(1000);
    expect((await setup.invoke("f")).payload).toBe(1);
  });
});
