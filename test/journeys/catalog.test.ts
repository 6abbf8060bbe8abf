/** Tests a new version of a product: Service Catalog rolls it out, and releases continue meanwhile. */
import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
} from "@aws-sdk/client-cloudformation";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateProvisioningArtifactCommand,
  DescribeProvisionedProductCommand,
  DescribeRecordCommand,
  SearchProductsAsAdminCommand,
  ServiceCatalogClient,
  UpdateProvisionedProductCommand,
} from "@aws-sdk/client-service-catalog";
import { expect, test } from "vitest";
import { registryBucket } from "#release/names/deployed-names.ts";
import { topicTemplate, zipOf } from "#test/support/artifact.ts";
import { bankLine, estate, until } from "#test/support/estate.ts";

const target = "232323232323";

test("a new version of the target product is deployed to a target by UpdateProvisionedProduct", async () => {
  const strict = estate("strictEstate");
  const admin = strict.clients(ServiceCatalogClient, "101010101010");
  const stacks = strict.clients(CloudFormationClient, target);
  const catalog = await strict.as(ServiceCatalogClient, target, "kedge-provisioner");
  const name = { Name: "kedge-target" };

  const { CloudWatchDashboards: _, ...before } = await catalog.send(
    new DescribeProvisionedProductCommand(name),
  );
  const stack = await until("the stack of the provisioned product", async () => {
    const { Stacks } = await stacks.send(new DescribeStacksCommand({}));
    return Stacks?.find(({ StackName }) => StackName?.startsWith(`SC-${target}-`));
  });
  const { TemplateBody = "" } = await stacks.send(new GetTemplateCommand({ StackName: stack.StackName }));
  const changed = JSON.parse(TemplateBody) as { Outputs: Record<string, unknown> };
  changed.Outputs["Generation"] = { Value: "2" };

  const Bucket = registryBucket("101010101010", strict.region);
  const Key = "lambdas/kedge-target-2.json";
  await strict
    .clients(S3Client, "101010101010")
    .send(new PutObjectCommand({ Bucket, Key, Body: JSON.stringify(changed) }));
  const { ProductViewDetails } = await admin.send(new SearchProductsAsAdminCommand({}));
  const ProductId = ProductViewDetails?.map(({ ProductViewSummary }) => ProductViewSummary).find(
    (summary) => summary?.Name === "kedge-target",
  )?.ProductId;
  const { ProvisioningArtifactDetail } = await admin.send(
    new CreateProvisioningArtifactCommand({
      ProductId,
      IdempotencyToken: "generation-2",
      Parameters: {
        Name: "generation-2",
        Type: "CLOUD_FORMATION_TEMPLATE",
        Info: { LoadTemplateFromURL: `${strict.endpoint}/${Bucket}/${Key}` },
      },
    }),
  );
  const { RecordDetail } = await catalog.send(
    new UpdateProvisionedProductCommand({
      ProvisionedProductName: "kedge-target",
      ProductId,
      ProvisioningArtifactId: ProvisioningArtifactDetail?.Id,
      ProvisioningParameters: [{ Key: "AnchorAccount", UsePreviousValue: true }],
      UpdateToken: "generation-2",
    }),
  );
  const record = await until("the end of the update", async () => {
    const { RecordDetail: now } = await catalog.send(
      new DescribeRecordCommand({ Id: RecordDetail?.RecordId }),
    );
    return now?.Status === "SUCCEEDED" || now?.Status === "FAILED" ? now : undefined;
  });
  expect(record).toMatchObject({ Status: "SUCCEEDED", RecordType: "UPDATE_PROVISIONED_PRODUCT" });
  const { ProvisionedProductDetail } = await catalog.send(new DescribeProvisionedProductCommand(name));
  expect(ProvisionedProductDetail).toMatchObject({
    Status: "AVAILABLE",
    ProvisioningArtifactId: ProvisioningArtifactDetail?.Id,
  });
  expect(ProvisionedProductDetail?.ProvisioningArtifactId).not.toBe(
    before.ProvisionedProductDetail?.ProvisioningArtifactId,
  );
  const { Stacks } = await stacks.send(new DescribeStacksCommand({ StackName: stack.StackName }));
  expect(Stacks?.[0]).toMatchObject({ StackStatus: "UPDATE_COMPLETE" });
  expect(Stacks?.[0]?.Outputs).toContainEqual(
    expect.objectContaining({ OutputKey: "Generation", OutputValue: "2" }),
  );

  const line = bankLine("journey-upgraded", "feature/after");
  const version = await strict.upload(line, await zipOf({ "template.json": topicTemplate("After") }));
  await strict.result(line, version, "released");
});
