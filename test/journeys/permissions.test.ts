/** Tests the denials for a CI and for an application on the running estate, where IAM decides every call. */
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
} from "@aws-sdk/client-cloudformation";
import { CodePipelineClient, ListPipelinesCommand } from "@aws-sdk/client-codepipeline";
import { GetRoleCommand, IAMClient, UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetParametersCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { formatKey } from "#release/names/key.ts";
import { zipOf } from "#test/support/artifact.ts";
import { bankLine, estate, shopLine, until } from "#test/support/estate.ts";

const denied = { name: "AccessDenied" };

test("a CI may put under its own account's prefix only", async () => {
  const shop = estate();
  const ci = await shop.as(S3Client, "111111111111", "kedge-ci");
  const put = (Key: string) =>
    ci.send(new PutObjectCommand({ Bucket: shop.bucket, Key, Body: Buffer.from("x") }));
  await expect(put(formatKey(bankLine("journey-foreign")))).rejects.toMatchObject(denied);
  await expect(put("results/111111111111/journey-forged/main/latest.json")).rejects.toMatchObject(denied);
  await expect(put("journey-anywhere/main/latest.zip")).rejects.toMatchObject(denied);
});

test("a CI reads its own results, but neither the results of others nor any artifact", async () => {
  const shop = estate();
  const line = shopLine("journey-readers", "feature/x");
  const bank = bankLine("journey-readers", "feature/x");
  for (const each of [line, bank]) {
    const version = await shop.upload(each, Buffer.from("no zip"));
    await shop.result(each, version, "rejected");
  }
  const ci = await shop.as(S3Client, line.account, "kedge-ci");
  const get = (Key: string) => ci.send(new GetObjectCommand({ Bucket: shop.bucket, Key }));
  const resultOf = (key: string): string => `results/${key.replace(/zip$/, "json")}`;
  expect((await get(resultOf(formatKey(line)))).ContentLength).toBeGreaterThan(100);
  await expect(get(resultOf(formatKey(bank)))).rejects.toMatchObject(denied);
  await expect(get(formatKey(line))).rejects.toMatchObject(denied);
  await expect(get(formatKey(bank))).rejects.toMatchObject(denied);
  await expect(
    ci.send(new ListObjectsV2Command({ Bucket: shop.bucket, Prefix: "results/121212121212/" })),
  ).rejects.toMatchObject(denied);
});

test("no principal may delete a version, not even the central account's administrator", async () => {
  const shop = estate();
  const line = shopLine("journey-deleters", "feature/x");
  const VersionId = await shop.upload(line, Buffer.from("no zip"));
  const remove = new DeleteObjectCommand({ Bucket: shop.bucket, Key: formatKey(line), VersionId });
  const ci = await shop.as(S3Client, line.account, "kedge-ci");
  await expect(ci.send(remove)).rejects.toMatchObject(denied);
  await expect(shop.clients(S3Client, "101010101010").send(remove)).rejects.toMatchObject(denied);
});

test("a CI may only upload and read, and assumes no other role", async () => {
  const shop = estate();
  const codepipeline = await shop.as(CodePipelineClient, "111111111111", "kedge-ci");
  await expect(codepipeline.send(new ListPipelinesCommand({}))).rejects.toMatchObject({
    name: expect.stringContaining("AccessDenied"),
  });
  const sts = await shop.as(STSClient, "111111111111", "kedge-ci");
  await expect(
    sts.send(
      new AssumeRoleCommand({
        RoleArn: "arn:aws:iam::222222222222:role/kedge-deploy",
        RoleSessionName: "intruder",
      }),
    ),
  ).rejects.toMatchObject(denied);
});

test("kedge-deploy reads a plain parameter, and no secure one", async () => {
  const shop = estate();
  const target = "222222222222";
  const owner = shop.clients(SSMClient, target);
  await owner.send(new PutParameterCommand({ Name: "/journey/plain", Value: "x", Type: "String" }));
  await owner.send(new PutParameterCommand({ Name: "/journey/secret", Value: "x", Type: "SecureString" }));
  // Only roles of the anchor enter kedge-deploy. For this test an administrator of the target lets the account in.
  const iam = shop.clients(IAMClient, target);
  const RoleName = "kedge-deploy";
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  const before = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "");
  const trust = JSON.parse(before) as { readonly Statement: readonly object[] };
  const account = { Effect: "Allow", Principal: { AWS: target }, Action: "sts:AssumeRole" };
  const PolicyDocument = JSON.stringify({ ...trust, Statement: [...trust.Statement, account] });
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
  const deploy = await shop.as(SSMClient, target, RoleName);
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: before }));
  const read = (name: string) =>
    deploy.send(new GetParametersCommand({ Names: [name], WithDecryption: true }));
  expect((await read("/journey/plain")).Parameters).toMatchObject([{ Value: "x" }]);
  await expect(read("/journey/secret")).rejects.toMatchObject({
    message: expect.stringContaining("kms:Decrypt"),
  });
  const closed = await deploy.send(new GetParametersCommand({ Names: ["/journey/secret"] }));
  expect(closed.Parameters).toMatchObject([{ Value: expect.not.stringMatching(/^x$/) }]);
});

const roleTemplate = (boundary?: string): string =>
  JSON.stringify({
    Resources: {
      Powerful: {
        Type: "AWS::IAM::Role",
        Properties: {
          AssumeRolePolicyDocument: {
            Version: "2012-10-17",
            Statement: [
              { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
            ],
          },
          ...(boundary !== undefined && { PermissionsBoundary: boundary }),
        },
      },
    },
    Outputs: { Role: { Value: { Ref: "Powerful" } } },
  });

test("the roles of an application have Kedge's boundary, and no other", async () => {
  const shop = estate();
  const [without, other] = [
    shopLine("journey-boundary", "feature/without"),
    shopLine("journey-boundary", "feature/other"),
  ];
  const artifacts = await Promise.all([
    zipOf({ "template.json": roleTemplate() }),
    zipOf({ "template.json": roleTemplate("arn:aws:iam::aws:policy/AdministratorAccess") }),
  ]);
  const versions = await Promise.all([shop.upload(without, artifacts[0]), shop.upload(other, artifacts[1])]);
  const failed = await shop.result(other, versions[1], "failed");
  expect(failed.reason.code).toBe("DeploymentFailed");
  expect(failed.reason.sentence).toMatch(/iam:CreateRole/);
  await shop.result(without, versions[0], "released");
  const { Role: RoleName } = await shop.outputs(without, "dev");
  const { Role } = await shop.clients(IAMClient, "222222222222").send(new GetRoleCommand({ RoleName }));
  expect(Role?.PermissionsBoundary?.PermissionsBoundaryArn).toBe(
    "arn:aws:iam::222222222222:policy/kedge-app-boundary",
  );
});

test("the execution role of a target cannot change Kedge's own resources there", async () => {
  const shop = estate();
  const StackName = "kedge-app-dev-journey-intruder";
  const client = shop.clients(CloudFormationClient, "222222222222");
  await client.send(
    new CreateStackCommand({
      StackName,
      RoleARN: "arn:aws:iam::222222222222:role/kedge-cloudformation",
      Capabilities: ["CAPABILITY_NAMED_IAM"],
      TemplateBody: JSON.stringify({
        Resources: {
          Backdoor: {
            Type: "AWS::IAM::RolePolicy",
            Properties: {
              RoleName: "kedge-deploy",
              PolicyName: "more",
              PolicyDocument: {
                Version: "2012-10-17",
                Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
              },
            },
          },
        },
      }),
    }),
  );
  const denial = await until("the refusal of the stack", async () => {
    const { StackEvents } = await client.send(new DescribeStackEventsCommand({ StackName }));
    return StackEvents?.find(({ ResourceStatus }) => ResourceStatus === "CREATE_FAILED");
  });
  expect(denial.ResourceStatusReason).toMatch(/iam:PutRolePolicy/);
});
