/** Tests which templates a request accepts, and which it rejects before a stack exists. */
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  UpdateStackCommand,
} from "@aws-sdk/client-cloudformation";
import { describe, expect, it } from "vitest";
import { javaPattern } from "#cloud/cloudformation/java-pattern.ts";
import { type TestCloud, testCloud } from "#cloud/testing/cloud.ts";

const account = "111111111111";
const topic = (DisplayName: unknown, more: object = {}) => ({
  Type: "AWS::SNS::Topic",
  Properties: { DisplayName },
  ...more,
});

async function statusOf(cloud: TestCloud, StackName: string) {
  await cloud.cloud().settled();
  const cfn = cloud.client(CloudFormationClient, account);
  const { Stacks = [] } = await cfn.send(new DescribeStacksCommand({ StackName }));
  return Stacks[0]?.StackStatus;
}

describe("a request with a template", () => {
  it("makes an empty stack of conditions that are false, and fills it later", async () => {
    await using cloud = await testCloud({ pace: { resource: 1 } });
    const cfn = cloud.client(CloudFormationClient, account);
    const TemplateBody = JSON.stringify({
      Parameters: { Env: { Type: "String", Default: "dev" } },
      Conditions: { IsProd: { "Fn::Equals": [{ Ref: "Env" }, "prod"] } },
      Resources: { T: topic("x", { Condition: "IsProd" }) },
    });
    await cfn.send(new CreateStackCommand({ StackName: "empty", TemplateBody }));
    expect(await statusOf(cloud, "empty")).toBe("CREATE_COMPLETE");
    const Parameters = [{ ParameterKey: "Env", ParameterValue: "prod" }];
    await cfn.send(new UpdateStackCommand({ StackName: "empty", TemplateBody, Parameters }));
    expect(await statusOf(cloud, "empty")).toBe("UPDATE_COMPLETE");
  });

  it("is rejected for a missing key or condition, and reads properties, named resources and AWS's images", async () => {
    await using cloud = await testCloud({ pace: { resource: 1 } });
    const cfn = cloud.client(CloudFormationClient, account);
    const create = async (StackName: string, template: object) => {
      const TemplateBody = JSON.stringify(template);
      const Capabilities = ["CAPABILITY_AUTO_EXPAND" as const];
      await cfn.send(new CreateStackCommand({ StackName, TemplateBody, Capabilities }));
      return await statusOf(cloud, StackName);
    };
    const map = { "Fn::FindInMap": ["M", "absent", "key"] };
    const Mappings = { M: { known: { key: "v" } } };
    await expect(create("map", { Mappings, Resources: { T: topic(map) } })).rejects.toThrow(
      "Unable to get mapping for M::absent::key",
    );
    const chosen = { "Fn::If": ["Absent", "a", "b"] };
    await expect(create("if", { Resources: { T: topic(chosen) } })).rejects.toThrow(
      "unresolved condition dependency Absent in Fn::If",
    );
    const property = { Resources: { A: topic("x"), B: topic({ "Fn::GetAtt": ["A", "DisplayName"] }) } };
    expect(await create("property", property)).toBe("CREATE_COMPLETE");
    const named = {
      Transform: "AWS::LanguageExtensions",
      Mappings: { M: { us: { of: "A" } } },
      Resources: {
        A: topic("x"),
        B: topic({ "Fn::GetAtt": [{ "Fn::FindInMap": ["M", "us", "of"] }, "TopicName"] }),
        C: topic({ Ref: { "Fn::Sub": "A" } }),
      },
    };
    expect(await create("named", named)).toBe("CREATE_COMPLETE");
    const image = (Default: string, type: string) => ({
      Type: `AWS::SSM::Parameter::Value<${type}>`,
      Default: `/aws/service/${Default}`,
    });
    const published = {
      Parameters: {
        Image: image("ecs/optimized-ami/amazon-linux-2023/recommended/image_id", "AWS::EC2::Image::Id"),
        Region: image("global-infrastructure/regions/us-east-1/longName", "String"),
      },
      Resources: { T: topic({ "Fn::Sub": "${Image} ${Region}" }) },
    };
    expect(await create("published", published)).toBe("CREATE_COMPLETE");
  });

  it("names a change set as an executed one", async () => {
    await using cloud = await testCloud({ pace: { resource: 1 } });
    const cfn = cloud.client(CloudFormationClient, account);
    for (const [ChangeSetType, word] of [
      ["CREATE", "a"],
      ["UPDATE", "b"],
    ] as const) {
      const TemplateBody = JSON.stringify({ Resources: { T: topic(word) } });
      const set = { StackName: "again", ChangeSetName: "release" };
      await cfn.send(new CreateChangeSetCommand({ ...set, ChangeSetType, TemplateBody }));
      await expect(
        cfn.send(new CreateChangeSetCommand({ ...set, ChangeSetType, TemplateBody })),
      ).rejects.toMatchObject({ name: "AlreadyExistsException" });
      await cloud.cloud().settled();
      await cfn.send(new ExecuteChangeSetCommand(set));
      expect(await statusOf(cloud, "again")).toBe(`${ChangeSetType}_COMPLETE`);
    }
  });
});

describe("an AllowedPattern", () => {
  it.each<[string, string, string]>([
    ["\\p{Alnum}+", "a1", "a-1"],
    ["[\\p{Lower}_]+", "a_b", "A"],
    ["\\Qa.b\\E", "a.b", "axb"],
    ["(?i)yes|no", "YES", "maybe"],
    ["[\\w-_]+", "a-b", "a b"],
    ["[a-z]++", "abc", "abc1"],
    ["\\A[a-z\\-]+\\z", "a-b", "a_b"],
    ["\\p{L}+", "é", "1"],
  ])("compiles %s: accepts %s and rejects %s", (pattern, good, bad) => {
    expect([javaPattern(pattern)?.test(good), javaPattern(pattern)?.test(bad)]).toEqual([true, false]);
  });
});

it("runs the macros of the account on snippets and templates, as the caller", async () => {
  await using cloud = await testCloud({ pace: { resource: 1 } });
  const cfn = cloud.client(CloudFormationClient, account);
  const source = `exports.handler = async ({ requestId, fragment, params }) => params.Fail
    ? { requestId, status: "failure", errorMessage: "not today" }
    : { requestId, status: "success", fragment: JSON.parse(JSON.stringify(fragment).replaceAll("WORD", params.Word ?? "all")) };`;
  const trust = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
  const macro = {
    R: {
      Type: "AWS::IAM::Role",
      Properties: { AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [trust] } },
    },
    F: {
      Type: "AWS::Lambda::Function",
      Properties: {
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        Role: { "Fn::GetAtt": ["R", "Arn"] },
        Code: { ZipFile: source },
      },
    },
    M: {
      Type: "AWS::CloudFormation::Macro",
      Properties: { Name: "Words", FunctionName: { "Fn::GetAtt": ["F", "Arn"] } },
    },
  };
  const create = async (StackName: string, template: object) => {
    const Capabilities = ["CAPABILITY_AUTO_EXPAND" as const, "CAPABILITY_IAM" as const];
    const TemplateBody = JSON.stringify(template);
    await cfn.send(new CreateStackCommand({ StackName, TemplateBody, Capabilities }));
    return await statusOf(cloud, StackName);
  };
  const Outputs = (Value: string) => ({ O: { Value } });
  const used = (Parameters: object) => ({
    Transform: "Words",
    Resources: {
      T: { ...topic("x"), "Fn::Transform": { Name: "Words", Parameters } },
    },
    Outputs: Outputs("WORD"),
  });
  await expect(create("early", used({}))).rejects.toThrow(`No transform named ${account}::Words found.`);
  expect(await create("macro", { Resources: macro })).toBe("CREATE_COMPLETE");
  expect(await create("used", used({ Word: "one" }))).toBe("CREATE_COMPLETE");
  const { Stacks = [] } = await cfn.send(new DescribeStacksCommand({ StackName: "used" }));
  expect(Stacks[0]?.Outputs?.[0]?.OutputValue).toBe("all");
  await expect(create("failed", used({ Fail: "yes" }))).rejects.toThrow(
    `Transform ${account}::Words failed with: not today`,
  );
});
