import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
} from "@aws-sdk/client-cloudformation";
import { expect, it } from "vitest";
import { signedRequest } from "#cloud/build/tools/signed-request.ts";
import { testCloud } from "#cloud/testing/cloud.ts";

const ACCOUNT = "111111111111";
const role = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const edit = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy";
const soon = { maxWaitTime: 20, minDelay: 1, maxDelay: 1 };

/** Opens a cloud and a function that calls EKS by HTTP, signed like any client of EKS. */
async function open() {
  const cloud = await testCloud();
  const environment = {
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: ACCOUNT,
    AWS_SECRET_ACCESS_KEY: "any",
  };
  const context = { words: [], cwd: "", environment, say: () => undefined };
  const ask = async (method: string, path: string, input?: object): Promise<Record<string, unknown>> => {
    const body = input === undefined ? {} : { body: JSON.stringify(input) };
    const headers = { "content-type": "application/json" };
    const { status, text } = await signedRequest(context, { service: "eks", method, path, headers, ...body });
    return { status, ...(JSON.parse(text === "" ? "{}" : text) as object) };
  };
  return { ask, cloud, [Symbol.asyncDispose]: () => cloud[Symbol.asyncDispose]() };
}

const cluster = { name: "main", roleArn: role("eks"), resourcesVpcConfig: { subnetIds: ["subnet-1"] } };

it("keeps the record of a cluster, and says when there is none", async () => {
  await using eks = await open();
  expect(await eks.ask("GET", "/clusters/main")).toMatchObject({
    status: 404,
    message: "No cluster found for name: main.",
  });
  const made = await eks.ask("POST", "/clusters", cluster);
  expect(made).toMatchObject({
    status: 200,
    cluster: { name: "main", status: "ACTIVE", arn: `arn:aws:eks:us-east-1:${ACCOUNT}:cluster/main` },
  });
  expect(await eks.ask("POST", "/clusters", cluster)).toMatchObject({ status: 409 });
  expect(await eks.ask("POST", "/clusters", { ...cluster, name: "-" })).toMatchObject({ status: 400 });
  expect(await eks.ask("GET", "/clusters")).toMatchObject({ clusters: ["main"] });
  expect(await eks.ask("DELETE", "/clusters/main")).toMatchObject({ cluster: { status: "DELETING" } });
  expect(await eks.ask("GET", "/clusters")).toMatchObject({ clusters: [] });
});

it("lets principals in by entries, each with the policies it was given", async () => {
  await using eks = await open();
  await eks.ask("POST", "/clusters", cluster);
  const entries = "/clusters/main/access-entries";
  const one = `${entries}/${encodeURIComponent(role("ops"))}`;
  expect(await eks.ask("GET", one)).toMatchObject({ status: 404 });
  expect(await eks.ask("POST", entries, { principalArn: role("ops") })).toMatchObject({
    accessEntry: { type: "STANDARD", principalArn: role("ops") },
  });
  expect(await eks.ask("POST", entries, { principalArn: role("ops") })).toMatchObject({ status: 409 });
  const policies = `${one}/access-policies`;
  const scope = { type: "namespace", namespaces: ["web"] };
  expect(await eks.ask("POST", policies, { policyArn: edit, accessScope: scope })).toMatchObject({
    status: 200,
  });
  for (const accessScope of [
    { type: "namespace" },
    { type: "cluster", namespaces: ["web"] },
    { type: "all" },
  ])
    expect(await eks.ask("POST", policies, { policyArn: edit, accessScope })).toMatchObject({ status: 400 });
  expect(await eks.ask("GET", policies)).toMatchObject({
    associatedAccessPolicies: [{ policyArn: edit, accessScope: scope }],
  });
  expect(await eks.ask("DELETE", `${policies}/${encodeURIComponent(edit)}`)).toMatchObject({ status: 200 });
  expect(await eks.ask("GET", policies)).toMatchObject({ associatedAccessPolicies: [] });
  expect(await eks.ask("DELETE", one)).toMatchObject({ status: 200 });
});

it("is made and removed by CloudFormation", async () => {
  await using eks = await open();
  const client = eks.cloud.client(CloudFormationClient, ACCOUNT);
  const StackName = "platform";
  const Resources = {
    Cluster: {
      Type: "AWS::EKS::Cluster",
      Properties: { Name: "main", RoleArn: role("eks"), ResourcesVpcConfig: { SubnetIds: ["subnet-1"] } },
    },
    Entry: {
      Type: "AWS::EKS::AccessEntry",
      Properties: {
        ClusterName: { Ref: "Cluster" },
        PrincipalArn: role("ops"),
        AccessPolicies: [{ PolicyArn: edit, AccessScope: { Type: "namespace", Namespaces: ["web"] } }],
      },
    },
  };
  const Outputs = { Arn: { Value: { "Fn::GetAtt": ["Cluster", "Arn"] } } };
  await client.send(
    new CreateStackCommand({ StackName, TemplateBody: JSON.stringify({ Resources, Outputs }) }),
  );
  await waitUntilStackCreateComplete({ client, ...soon }, { StackName });
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName }));
  expect(Stacks?.[0]?.Outputs?.[0]?.OutputValue).toBe(`arn:aws:eks:us-east-1:${ACCOUNT}:cluster/main`);
  const policies = `/clusters/main/access-entries/${encodeURIComponent(role("ops"))}/access-policies`;
  expect(await eks.ask("GET", policies)).toMatchObject({ associatedAccessPolicies: [{ policyArn: edit }] });
  await client.send(new DeleteStackCommand({ StackName }));
  await waitUntilStackDeleteComplete({ client, ...soon }, { StackName });
  expect(await eks.ask("GET", "/clusters")).toMatchObject({ clusters: [] });
});
