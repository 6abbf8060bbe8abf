import {
  DeleteParameterCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  LabelParameterVersionCommand,
  PutParameterCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { testCloud } from "#cloud/testing/cloud.ts";

const account = "222222222222";

describe("a parameter", () => {
  it("is read by name, version and label, and knows its history", async () => {
    await using cloud = await testCloud();
    const ssm = cloud.client(SSMClient, account);
    await ssm.send(new PutParameterCommand({ Name: "/app/url", Type: "String", Value: "one" }));
    await expect(
      ssm.send(new PutParameterCommand({ Name: "/app/url", Type: "String", Value: "two" })),
    ).rejects.toMatchObject({ name: "ParameterAlreadyExists" });
    expect(
      (await ssm.send(new PutParameterCommand({ Name: "/app/url", Value: "two", Overwrite: true }))).Version,
    ).toBe(2);
    await ssm.send(
      new LabelParameterVersionCommand({ Name: "/app/url", ParameterVersion: 1, Labels: ["stable"] }),
    );
    const value = async (Name: string) =>
      (await ssm.send(new GetParameterCommand({ Name }))).Parameter?.Value;
    expect(await value("/app/url")).toBe("two");
    expect(await value("/app/url:1")).toBe("one");
    expect(await value("/app/url:stable")).toBe("one");
    await expect(value("/app/url:9")).rejects.toMatchObject({ name: "ParameterVersionNotFound" });
    const history = await ssm.send(new GetParameterHistoryCommand({ Name: "/app/url" }));
    expect(history.Parameters?.map(({ Version, Value, Labels }) => [Version, Value, Labels])).toEqual([
      [1, "one", ["stable"]],
      [2, "two", []],
    ]);
  });

  it("is one parameter with and without a slash before a top-level name", async () => {
    await using cloud = await testCloud();
    const ssm = cloud.client(SSMClient, account);
    const put = (Name: string, Overwrite = false) =>
      ssm.send(new PutParameterCommand({ Name, Type: "String", Value: "x", Overwrite }));
    await put("/top");
    await expect(put("top")).rejects.toMatchObject({ name: "ParameterAlreadyExists" });
    expect((await put("top", true)).Version).toBe(2);
    for (const Name of ["top", "/top"])
      expect((await ssm.send(new GetParameterCommand({ Name }))).Parameter).toMatchObject({
        Name,
        Version: 2,
      });
    await ssm.send(new DeleteParameterCommand({ Name: "top" }));
    await expect(ssm.send(new GetParameterCommand({ Name: "/top" }))).rejects.toMatchObject({
      name: "ParameterNotFound",
    });
  });

  it("belongs to one account and region", async () => {
    await using cloud = await testCloud();
    await cloud
      .client(SSMClient, account)
      .send(new PutParameterCommand({ Name: "mine", Type: "String", Value: "x" }));
    await expect(
      cloud.client(SSMClient, "333333333333").send(new GetParameterCommand({ Name: "mine" })),
    ).rejects.toMatchObject({ name: "ParameterNotFound" });
  });

  it("is published by AWS to all accounts below /aws/service", async () => {
    await using cloud = await testCloud();
    const ssm = cloud.client(SSMClient, account);
    const Name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";
    const { Parameters = [] } = await ssm.send(
      new GetParametersCommand({ Names: [Name, `${Name}:1`, "/aws/service/unknown"] }),
    );
    const [newest, first] = Parameters;
    expect(newest).toMatchObject({ Name, ARN: `arn:aws:ssm:us-east-1::parameter${Name}`, Version: 2 });
    expect(first).toMatchObject({ Name, Selector: ":1", Version: 1 });
    expect(newest?.Value).toMatch(/^ami-[0-9a-f]{17}$/);
    expect(first?.Value).not.toBe(newest?.Value);
    const Path = "/aws/service/ami-amazon-linux-latest";
    const below = await ssm.send(new GetParametersByPathCommand({ Path }));
    expect(below.Parameters?.map((each) => each.Name)).toContain(Name);
    await expect(
      ssm.send(new PutParameterCommand({ Name, Type: "String", Value: "x", Overwrite: true })),
    ).rejects.toMatchObject({ name: "AccessDeniedException" });
  });

  it.each([
    ["aws/reserved", "AccessDeniedException"],
    ["/ssm/reserved", "ValidationException"],
    ["a/b", "ValidationException"],
    ["/with space", "ValidationException"],
    [`/${"a/".repeat(15)}b`, "HierarchyLevelLimitExceededException"],
  ])("may not be named %s", async (Name, error) => {
    await using cloud = await testCloud();
    await expect(
      cloud.client(SSMClient, account).send(new PutParameterCommand({ Name, Type: "String", Value: "x" })),
    ).rejects.toMatchObject({ name: error });
  });

  it("keeps to its size, type and pattern", async () => {
    await using cloud = await testCloud();
    const put = (more: Partial<ConstructorParameters<typeof PutParameterCommand>[0]>) =>
      cloud
        .client(SSMClient, account)
        .send(new PutParameterCommand({ Name: "x", Type: "String", Value: "x", ...more }));
    await expect(put({ Value: "x".repeat(4097) })).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringContaining("4096"),
    });
    await expect(put({ Value: "x".repeat(4097), Tier: "Advanced" })).resolves.toMatchObject({
      Tier: "Advanced",
    });
    await expect(put({ Name: "z", DataType: "not_text" })).rejects.toThrow(
      "data type is not supported: not_text",
    );
    await expect(put({ Name: "y", Value: "abc", AllowedPattern: "\\d+" })).rejects.toMatchObject({
      name: "ParameterPatternMismatchException",
    });
  });
});

describe("several parameters", () => {
  it.each([
    [
      { Key: "Bogus", Values: ["x"] },
      "ValidationException",
      "tag:.+|Name|Type|KeyId|Path|Label|Tier|DataType",
    ],
    [{ Key: "Path", Option: "Equals", Values: ["/x"] }, "InvalidFilterOption", "[Recursive, OneLevel]"],
    [{ Key: "Name" }, "InvalidFilterValue", "null for filter key Name"],
  ])("DescribeParameters refuses the filter %j", async (filter, name, message) => {
    await using cloud = await testCloud();
    await expect(
      cloud.client(SSMClient, account).send(new DescribeParametersCommand({ ParameterFilters: [filter] })),
    ).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
  });

  it("reads parameters by name, with a list of absent ones, and by path, page by page", async () => {
    await using cloud = await testCloud();
    const ssm = cloud.client(SSMClient, account);
    for (let index = 10; index < 25; index += 1)
      await ssm.send(
        new PutParameterCommand({ Name: `/list/${index}`, Type: "String", Value: String(index) }),
      );
    await ssm.send(new PutParameterCommand({ Name: "/list/deep/one", Type: "String", Value: "deep" }));
    const some = await ssm.send(new GetParametersCommand({ Names: ["/list/10", "/nowhere"] }));
    expect([some.Parameters?.length, some.InvalidParameters]).toEqual([1, ["/nowhere"]]);
    const first = await ssm.send(new GetParametersByPathCommand({ Path: "/list" }));
    const second = await ssm.send(
      new GetParametersByPathCommand({ Path: "/list", NextToken: first.NextToken }),
    );
    expect([first.Parameters?.length, second.Parameters?.length, second.NextToken]).toEqual([
      10,
      5,
      undefined,
    ]);
    const deep = await ssm.send(new GetParametersByPathCommand({ Path: "/list/deep/", Recursive: true }));
    expect(deep.Parameters?.map(({ Value }) => Value)).toEqual(["deep"]);
    const named = await ssm.send(
      new DescribeParametersCommand({
        ParameterFilters: [{ Key: "Name", Option: "Contains", Values: ["deep"] }],
      }),
    );
    expect(named.Parameters?.map(({ Name }) => Name)).toEqual(["/list/deep/one"]);
    await ssm.send(new DeleteParameterCommand({ Name: "/list/deep/one" }));
    await expect(ssm.send(new DeleteParameterCommand({ Name: "/list/deep/one" }))).rejects.toMatchObject({
      name: "ParameterNotFound",
    });
  });
});
