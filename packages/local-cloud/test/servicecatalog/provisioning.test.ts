import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  AssociatePrincipalWithPortfolioCommand,
  AssociateProductWithPortfolioCommand,
  CreateConstraintCommand,
  CreatePortfolioCommand,
  CreatePortfolioShareCommand,
  CreateProductCommand,
  CreateProvisioningArtifactCommand,
  DescribeProvisioningParametersCommand,
  DescribeRecordCommand,
  GetProvisionedProductOutputsCommand,
  ProvisionProductCommand,
  SearchProductsCommand,
  ServiceCatalogClient,
  TerminateProvisionedProductCommand,
  UpdateProvisionedProductCommand,
} from "@aws-sdk/client-service-catalog";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import { type TestCloud, testCloud } from "#cloud/testing/cloud.ts";

const hub = "101010101010";
const spoke = "222222222222";

const template = (suffix: string) =>
  JSON.stringify({
    Parameters: { Word: { Type: "String", Default: "hello" } },
    Resources: {
      Setting: {
        Type: "AWS::SSM::Parameter",
        Properties: { Name: "/catalog/word", Type: "String", Value: { "Fn::Sub": `\${Word}${suffix}` } },
      },
    },
    Outputs: { Name: { Value: { Ref: "Setting" } } },
  });

const trust = (principal: object) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" }],
  });
const policy = (...statements: object[]) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({ Effect: "Allow", ...statement })),
  });

async function makeRole(
  cloud: TestCloud,
  account: string,
  name: string,
  principal: object,
  ...statements: object[]
): Promise<void> {
  const iam = cloud.client(IAMClient, account);
  await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trust(principal) }));
  await iam.send(
    new PutRolePolicyCommand({ RoleName: name, PolicyName: "own", PolicyDocument: policy(...statements) }),
  );
}

const launchStatements = [
  { Action: ["cloudformation:*"], Resource: "*" },
  { Action: ["ssm:*"], Resource: "*" },
  {
    Action: ["s3:GetObject"],
    Resource: "*",
    Condition: { StringEquals: { "s3:ExistingObjectTag/servicecatalog:provisioning": "true" } },
  },
];

/**
 * Creates a portfolio in the hub with one product, shared with the organization, launched by a local role.
 */
async function publishProduct(cloud: TestCloud): Promise<{ product: string; artifact: string }> {
  const catalog = cloud.client(ServiceCatalogClient, hub);
  const s3 = cloud.client(S3Client, hub);
  await makeRole(cloud, hub, "launcher", { Service: "servicecatalog.amazonaws.com" }, ...launchStatements);
  await s3.send(new CreateBucketCommand({ Bucket: "hub-templates" }));
  for (const version of ["v1", "v2"])
    await s3.send(
      new PutObjectCommand({
        Bucket: "hub-templates",
        Key: `${version}.json`,
        Body: template(version === "v1" ? "" : "!"),
      }),
    );
  const portfolio = (
    await catalog.send(new CreatePortfolioCommand({ DisplayName: "Shared", ProviderName: "Hub" }))
  ).PortfolioDetail?.Id;
  const created = await catalog.send(
    new CreateProductCommand({
      Name: "setting",
      Owner: "Hub",
      ProductType: "CLOUD_FORMATION_TEMPLATE",
      ProvisioningArtifactParameters: {
        Name: "v1",
        Type: "CLOUD_FORMATION_TEMPLATE",
        Info: { LoadTemplateFromURL: `${cloud.endpoint}/hub-templates/v1.json` },
      },
    }),
  );
  const product = created.ProductViewDetail?.ProductViewSummary?.ProductId ?? "";
  await catalog.send(
    new AssociateProductWithPortfolioCommand({ PortfolioId: portfolio, ProductId: product }),
  );
  await catalog.send(
    new CreateConstraintCommand({
      PortfolioId: portfolio,
      ProductId: product,
      Type: "LAUNCH",
      Parameters: '{"LocalRoleName":"launcher"}',
    }),
  );
  await catalog.send(
    new AssociatePrincipalWithPortfolioCommand({
      PortfolioId: portfolio,
      PrincipalARN: "arn:aws:iam:::role/provisioner",
      PrincipalType: "IAM_PATTERN",
    }),
  );
  await catalog.send(
    new CreatePortfolioShareCommand({
      PortfolioId: portfolio,
      OrganizationNode: { Type: "ORGANIZATION", Value: "o-kedgelocal" },
      SharePrincipals: true,
    }),
  );
  return { product, artifact: created.ProvisioningArtifactDetail?.Id ?? "" };
}

async function asProvisioner(cloud: TestCloud): Promise<ServiceCatalogClient> {
  await makeRole(
    cloud,
    spoke,
    "provisioner",
    { AWS: `arn:aws:iam::${spoke}:root` },
    { Action: ["servicecatalog:*"], Resource: "*" },
    { Action: ["cloudformation:GetTemplateSummary"], Resource: "*" },
    launchStatements[2] ?? {},
  );
  const { Credentials } = await cloud
    .client(STSClient, spoke)
    .send(
      new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${spoke}:role/provisioner`, RoleSessionName: "test" }),
    );
  return cloud.client(ServiceCatalogClient, {
    accessKeyId: Credentials?.AccessKeyId ?? "",
    secretAccessKey: Credentials?.SecretAccessKey ?? "",
    sessionToken: Credentials?.SessionToken ?? "",
  });
}

async function ended(cloud: TestCloud, catalog: ServiceCatalogClient, record: string | undefined) {
  await cloud.cloud().settled();
  return catalog.send(new DescribeRecordCommand({ Id: record }));
}

const wordIn = async (cloud: TestCloud) =>
  (await cloud.client(SSMClient, spoke).send(new GetParameterCommand({ Name: "/catalog/word" }))).Parameter
    ?.Value;

describe("a product shared with the organization", () => {
  it("is launched into the account that asks, updated to a new version and terminated", async () => {
    await using cloud = await testCloud();
    const { product, artifact } = await publishProduct(cloud);
    await makeRole(
      cloud,
      spoke,
      "launcher",
      { Service: "servicecatalog.amazonaws.com" },
      ...launchStatements,
    );
    const catalog = await asProvisioner(cloud);
    expect(
      (await catalog.send(new SearchProductsCommand({}))).ProductViewSummaries?.map(({ Name }) => Name),
    ).toEqual(["setting"]);
    const { ProvisioningArtifactParameters } = await catalog.send(
      new DescribeProvisioningParametersCommand({ ProductId: product, ProvisioningArtifactId: artifact }),
    );
    expect(ProvisioningArtifactParameters).toMatchObject([{ ParameterKey: "Word", DefaultValue: "hello" }]);

    const order = {
      ProductId: product,
      ProvisioningArtifactId: artifact,
      ProvisionedProductName: "mine",
      ProvisioningParameters: [{ Key: "Word", Value: "moin" }],
      ProvisionToken: "once",
    };
    const { RecordDetail } = await catalog.send(new ProvisionProductCommand(order));
    expect((await catalog.send(new ProvisionProductCommand(order))).RecordDetail?.RecordId).toBe(
      RecordDetail?.RecordId,
    );
    const record = await ended(cloud, catalog, RecordDetail?.RecordId);
    expect(record.RecordDetail).toMatchObject({ Status: "SUCCEEDED", RecordErrors: [] });
    expect(await wordIn(cloud)).toBe("moin");
    const { Outputs } = await catalog.send(
      new GetProvisionedProductOutputsCommand({ ProvisionedProductName: "mine" }),
    );
    expect(Outputs?.map(({ OutputKey }) => OutputKey)).toEqual(["Name", "CloudformationStackARN"]);

    const added = await cloud.client(ServiceCatalogClient, hub).send(
      new CreateProvisioningArtifactCommand({
        ProductId: product,
        Parameters: {
          Name: "v2",
          Type: "CLOUD_FORMATION_TEMPLATE",
          Info: { LoadTemplateFromURL: `${cloud.endpoint}/hub-templates/v2.json` },
        },
      }),
    );
    const update = await catalog.send(
      new UpdateProvisionedProductCommand({
        ProvisionedProductName: "mine",
        ProvisioningArtifactId: added.ProvisioningArtifactDetail?.Id,
        ProvisioningParameters: [{ Key: "Word", UsePreviousValue: true }],
      }),
    );
    expect((await ended(cloud, catalog, update.RecordDetail?.RecordId)).RecordDetail?.Status).toBe(
      "SUCCEEDED",
    );
    expect(await wordIn(cloud)).toBe("moin!");

    const gone = await catalog.send(
      new TerminateProvisionedProductCommand({ ProvisionedProductName: "mine" }),
    );
    expect((await ended(cloud, catalog, gone.RecordDetail?.RecordId)).RecordDetail?.Status).toBe("SUCCEEDED");
    await expect(wordIn(cloud)).rejects.toMatchObject({ name: "ParameterNotFound" });
  });

  it("fails under its launch role's permissions, not the caller's, and says which is missing", async () => {
    await using cloud = await testCloud();
    const { product, artifact } = await publishProduct(cloud);
    await makeRole(
      cloud,
      spoke,
      "launcher",
      { Service: "servicecatalog.amazonaws.com" },
      launchStatements[0] ?? {},
      launchStatements[2] ?? {},
    );
    const catalog = await asProvisioner(cloud);
    const { RecordDetail } = await catalog.send(
      new ProvisionProductCommand({
        ProductId: product,
        ProvisioningArtifactId: artifact,
        ProvisionedProductName: "mine",
        ProvisionToken: "once",
      }),
    );
    const record = await ended(cloud, catalog, RecordDetail?.RecordId);
    expect(record.RecordDetail?.Status).toBe("FAILED");
    expect(record.RecordDetail?.RecordErrors?.[0]?.Description).toMatch(/ssm:PutParameter/);
    const { Stacks } = await cloud.client(CloudFormationClient, spoke).send(new DescribeStacksCommand({}));
    expect(Stacks?.map(({ StackStatus }) => StackStatus)).toEqual(["ROLLBACK_COMPLETE"]);
  });

  it("is not seen by a role the portfolio is not associated with", async () => {
    await using cloud = await testCloud();
    const { product, artifact } = await publishProduct(cloud);
    const unassociated = cloud.client(ServiceCatalogClient, spoke);
    expect((await unassociated.send(new SearchProductsCommand({}))).ProductViewSummaries).toEqual([]);
    await expect(
      unassociated.send(
        new ProvisionProductCommand({
          ProductId: product,
          ProvisioningArtifactId: artifact,
          ProvisionedProductName: "mine",
          ProvisionToken: "t",
        }),
      ),
    ).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});
