import {
  AddPermissionCommand,
  CreateAliasCommand,
  DeleteFunctionCommand,
  GetFunctionCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  RemovePermissionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { describe, expect, it } from "vitest";
import { lambdaCloud, zip } from "./functions.ts";

const answering = (text: string) => ({
  "index.mjs": `export const handler = async () => process.env.WORD ?? "${text}";`,
});

describe("a function's version", () => {
  it("freezes code and configuration, and is not published twice unchanged", async () => {
    await using setup = await lambdaCloud();
    await setup.create("fn", answering("one"));
    const publish = () => setup.lambda.send(new PublishVersionCommand({ FunctionName: "fn" }));
    expect((await publish()).Version).toBe("1");
    expect((await publish()).Version).toBe("1");
    const { LastUpdateStatus } = await setup.lambda.send(
      new UpdateFunctionCodeCommand({ FunctionName: "fn", ZipFile: await zip(answering("two")) }),
    );
    expect(LastUpdateStatus).toBe("InProgress");
    const configure = () =>
      setup.lambda.send(
        new UpdateFunctionConfigurationCommand({
          FunctionName: "fn",
          Environment: { Variables: { WORD: "three" } },
        }),
      );
    await expect(configure()).rejects.toThrow("An update is in progress for resource");
    await setup.cloud.clock.push(1000);
    expect((await setup.invoke("fn")).payload).toBe("two");
    await configure();
    await setup.cloud.clock.push(1000);
    expect((await publish()).Version).toBe("2");
    expect((await setup.invoke("fn", {}, { Qualifier: "1" })).payload).toBe("one");
    expect((await setup.invoke("fn:2")).payload).toBe("three");
    const { Versions } = await setup.lambda.send(new ListVersionsByFunctionCommand({ FunctionName: "fn" }));
    expect(Versions?.map(({ Version }) => Version)).toEqual(["$LATEST", "1", "2"]);
  });

  it("is invoked through an alias, which also has weights", async () => {
    await using setup = await lambdaCloud();
    expect(await setup.create("fn", answering("one"), { Publish: true })).toMatchObject({
      FunctionArn: expect.stringMatching(/:function:fn$/),
      Version: "1",
    });
    await setup.lambda.send(
      new UpdateFunctionCodeCommand({
        FunctionName: "fn",
        ZipFile: await zip(answering("two")),
        Publish: true,
      }),
    );
    const alias = (Name: string, version: string, weights?: Record<string, number>) =>
      setup.lambda.send(
        new CreateAliasCommand({
          FunctionName: "fn",
          Name,
          FunctionVersion: version,
          RoutingConfig: weights && { AdditionalVersionWeights: weights },
        }),
      );
    await alias("live", "1");
    await alias("moving", "1", { "2": 1 });
    expect(await setup.invoke("fn", {}, { Qualifier: "live" })).toMatchObject({
      payload: "one",
      ExecutedVersion: "1",
    });
    expect(await setup.invoke("fn:moving")).toMatchObject({ payload: "two", ExecutedVersion: "2" });
    await expect(alias("live", "1")).rejects.toMatchObject({ name: "ResourceConflictException" });
    await expect(alias("none", "9")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await expect(
      setup.lambda.send(new DeleteFunctionCommand({ FunctionName: "fn", Qualifier: "1" })),
    ).rejects.toThrow("Version is in use by the following aliases");
  });
});

describe("a function's policy", () => {
  it("lets another account invoke it, until the statement is removed", async () => {
    await using setup = await lambdaCloud();
    const { FunctionArn = "" } = await setup.create("fn", answering("one"));
    const other = setup.cloud.client(LambdaClient, "222222222222");
    const invoke = () => other.send(new InvokeCommand({ FunctionName: FunctionArn }));
    await expect(invoke()).rejects.toMatchObject({ name: "AccessDeniedException" });
    const permission = { FunctionName: "fn", StatementId: "other" };
    await setup.lambda.send(
      new AddPermissionCommand({ ...permission, Action: "lambda:InvokeFunction", Principal: "222222222222" }),
    );
    expect((await invoke()).StatusCode).toBe(200);
    const { Policy = "" } = await setup.lambda.send(new GetPolicyCommand({ FunctionName: "fn" }));
    expect(JSON.parse(Policy).Statement).toEqual([
      {
        Sid: "other",
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::222222222222:root" },
        Action: "lambda:InvokeFunction",
        Resource: FunctionArn,
      },
    ]);
    await setup.lambda.send(new RemovePermissionCommand(permission));
    await expect(invoke()).rejects.toMatchObject({ name: "AccessDeniedException" });
    await expect(setup.lambda.send(new GetPolicyCommand({ FunctionName: "fn" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
    await setup.lambda.send(new DeleteFunctionCommand({ FunctionName: "fn" }));
    await expect(setup.lambda.send(new GetFunctionCommand({ FunctionName: "fn" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });
});
