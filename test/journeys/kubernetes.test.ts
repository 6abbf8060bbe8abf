/**
 * Tests a Helm chart and manifests: the EKS action and builds deploy them to recorded clusters, and a
 * tombstone removes them.
 */
import {
  CloudFormationClient,
  CreateStackCommand,
  waitUntilStackCreateComplete,
} from "@aws-sdk/client-cloudformation";
import { CodePipelineClient, GetPipelineStateCommand } from "@aws-sdk/client-codepipeline";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import type { Line } from "#release/names/key.ts";
import { pipelineName } from "#release/names/names.ts";
import { estate, shopLine } from "#test/support/estate.ts";
import { example } from "#test/support/example.ts";

const environments = ["dev", "qa", "prod"] as const;
const cluster = "platform";

/**
 * Creates the resources of the platform team in each account: a cluster that lets the pipelines in, and the
 * parameter with its name.
 */
async function platform(line: Line): Promise<void> {
  const shop = estate();
  await Promise.all(
    environments.map(async (environment) => {
      const account = shop.accountOf(line, environment);
      const cloudformation = shop.clients(CloudFormationClient, account);
      const name = (resource: string): string => `arn:aws:iam::${account}:role/${resource}`;
      const StackName = "platform-cluster";
      const Resources = {
        Cluster: {
          Type: "AWS::EKS::Cluster",
          Properties: {
            Name: cluster,
            RoleArn: name("eks-cluster"),
            ResourcesVpcConfig: { SubnetIds: ["subnet-1", "subnet-2"] },
          },
        },
        Pipelines: {
          Type: "AWS::EKS::AccessEntry",
          Properties: { ClusterName: { Ref: "Cluster" }, PrincipalArn: name("kedge-deploy") },
        },
      };
      await cloudformation.send(
        new CreateStackCommand({ StackName, TemplateBody: JSON.stringify({ Resources }) }),
      );
      await waitUntilStackCreateComplete(
        { client: cloudformation, maxWaitTime: 60, minDelay: 1, maxDelay: 1 },
        { StackName },
      );
      const parameter = { Name: "/kedge/eks/cluster", Value: cluster, Type: "String" } as const;
      await shop.clients(SSMClient, account).send(new PutParameterCommand(parameter));
    }),
  );
}

/** Returns the summary or the status of each action of an environment. */
async function said(line: Line, environment: string): Promise<Readonly<Record<string, string | undefined>>> {
  const { stageStates = [] } = await estate()
    .clients(CodePipelineClient, line.account)
    .send(new GetPipelineStateCommand({ name: pipelineName(line) }));
  const stage = stageStates.find(({ stageName }) => stageName === environment);
  return Object.fromEntries(
    (stage?.actionStates ?? []).map(({ actionName = "", latestExecution: run }) => [
      actionName,
      run?.summary ?? run?.status,
    ]),
  );
}

test("a chart is released to production by the EKS action and manifests to dev, and tombstones remove both", async () => {
  const shop = estate();
  const line = shopLine("journey-menu");
  const feature = shopLine("journey-menu-plain", "feature/plain");
  await platform(line);

  const [version, plain] = await Promise.all([
    shop.upload(line, await example("menu-helm")),
    shop.upload(feature, await example("menu-manifests")),
  ]);
  await shop.result(feature, plain, "released");
  expect((await said(feature, "dev"))["Deploy"]).toBe("recorded: no cluster runs; 2 checked for platform");

  const waiting = await shop.result(line, version, "waiting-for-approval");
  expect(waiting.template?.name).toBe("kubernetes");
  await shop.decide(line, "Approved", "bon appetit");
  await shop.result(line, version, "released");
  expect(await said(line, "prod")).toMatchObject({
    Deploy: "recorded: no cluster runs; 3 checked for platform",
    Verify: "Succeeded",
  });
  expect(await shop.outputs(line, "prod")).toMatchObject({ Cluster: cluster, Namespace: "prod" });

  const tombstone = await shop.upload(line, new Uint8Array());
  const ending = await shop.upload(feature, new Uint8Array());
  await shop.result(line, tombstone, "torn-down");
  await shop.result(feature, ending, "torn-down");
  expect([...(await shop.stacksLeft(line)), ...(await shop.stacksLeft(feature))]).toEqual([]);
});
