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

describe("a function's versions", () => {
  it("freeze code and configuration, and are not published twice unchanged", async () => {
    await using world = await lambdaCloud();
    await world.create("fn", answering("one"));
    const publish = () => world.lambda.send(new PublishVersionCommand({ FunctionName: "fn" }));
    expect((await publish()).Version).toBe("1");
    expect((await publish()).Version).toBe("1");
    const { LastUpdateStatus } = await world.lambda.send(
      new UpdateFunctionCodeCommand({ FunctionName: "fn", ZipFile: await zip(answering("two")) }),
    );
    expect(LastUpdateStatus).toBe("InProgress");
    const configure = () =>
      world.lambda.send(
        new UpdateFunctionConfigurationCommand({
          FunctionName: "fn",
          Environment: { Variables: { WORD: "three" } },
        }),
      );
    await expect(configure()).rejects.toThrow("An update is in progress for resource");
    await world.cloud.clock.push(1000);
    expect((await world.invoke("fn")).payload).toBe("two");
    await configure();
    await world.cloud.clock.push(1000);
    expect((await publish()).Version).toBe("2");
    expect((await world.invoke("fn", {}, { Qualifier: "1" })).payload).toBe("one");
    expect((await world.invoke("fn:2")).payload).toBe("three");
    const { Versions } = await world.lambda.send(new ListVersionsByFunctionCommand({ FunctionName: "fn" }));
    expect(Versions?.map(({ Version }) => Version)).toEqual(["$LATEST", "1", "2"]);
  });

  it("are reached by an alias, which also has weights", async () => {
    await using world = await lambdaCloud();
    await world.create("fn", answering("one"), { Publish: true });
    await world.lambda.send(
      new UpdateFunctionCodeCommand({
        FunctionName: "fn",
        ZipFile: await zip(answering("two")),
        Publish: true,
      }),
    );
    const alias = (Name: string, version: string, weights?: Record<string, number>) =>
      world.lambda.send(
        new CreateAliasCommand({
          FunctionName: "fn",
          Name,
          FunctionVersion: version,
          RoutingConfig: weights && { AdditionalVersionWeights: weights },
        }),
      );
    await alias("live", "1");
    await alias("moving", "1", { "2": 1 });
    expect(await world.invoke("fn", {}, { Qualifier: "live" })).toMatchObject({
      payload: "one",
      ExecutedVersion: "1",
    });
    expect(await world.invoke("fn:moving")).toMatchObject({ payload: "two", ExecutedVersion: "2" });
    await expect(alias("live", "1")).rejects.toMatchObject({ name: "ResourceConflictException" });
    await expect(alias("none", "9")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await expect(
      world.lambda.send(new DeleteFunctionCommand({ FunctionName: "fn", Qualifier: "1" })),
    ).rejects.toThrow("Version is in use by the following aliases");
  });
});

describe("a function's policy", () => {
  it("lets another account invoke it, until the statement is removed", async () => {
    await using world = await lambdaCloud();
    const { FunctionArn = "" } = await world.create("fn", answering("one"));
    const other = world.cloud.client(LambdaClient, "222222222222");
    const invoke = () => other.send(new InvokeCommand({ FunctionName: FunctionArn }));
    await expect(invoke()).rejects.toMatchObject({ name: "AccessDeniedException" });
    const permission = { FunctionName: "fn", StatementId: "other" };
    await world.lambda.send(
      new AddPermissionCommand({ ...permission, Action: "lambda:InvokeFunction", Principal: "222222222222" }),
    );
    expect((await invoke()).StatusCode).toBe(200);
    const { Policy = "" } = await world.lambda.send(new GetPolicyCommand({ FunctionName: "fn" }));
    expect(JSON.parse(Policy).Statement).toEqual([
      {
        Sid: "other",
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::222222222222:root" },
        Action: "lambda:InvokeFunction",
        Resource: FunctionArn,
      },
    ]);
    await world.lambda.send(new RemovePermissionCommand(permission));
    await expect(invoke()).rejects.toMatchObject({ name: "AccessDeniedException" });
    await expect(world.lambda.send(new GetPolicyCommand({ FunctionName: "fn" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
    await world.lambda.send(new DeleteFunctionCommand({ FunctionName: "fn" }));
    await expect(world.lambda.send(new GetFunctionCommand({ FunctionName: "fn" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });
});
