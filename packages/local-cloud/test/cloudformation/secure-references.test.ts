import { CloudFormationClient, CreateStackCommand } from "@aws-sdk/client-cloudformation";
import { describe, expect, it } from "vitest";
import { testCloud } from "#cloud/testing/cloud.ts";

const secure = "{{resolve:ssm-secure:/db:1}}";

describe("a reference to a SecureString", () => {
  it("is refused in a property that takes none, with AWS's words", async () => {
    await using cloud = await testCloud();
    const cfn = cloud.client(CloudFormationClient, "111111111111");
    const create = (Type: string, Properties: object) =>
      cfn.send(
        new CreateStackCommand({
          StackName: "it",
          TemplateBody: JSON.stringify({ Resources: { It: { Type, Properties } } }),
          Capabilities: ["CAPABILITY_IAM"],
        }),
      );
    const topic = { DisplayName: { "Fn::Join": ["", ["x", secure]] } };
    await expect(create("AWS::SNS::Topic", topic)).rejects.toThrow(
      "SSM Secure reference is not supported in: [AWS::SNS::Topic/Properties/DisplayName]",
    );
    const user = { LoginProfile: { Password: secure } };
    expect((await create("AWS::IAM::User", user)).StackId).toMatch(/^arn:/);
  });
});
