/** Tests the ports of the cloud team's commands: the fakes and AWS keep the same promises. */
import { LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import {
  CreatePortfolioCommand,
  DescribePortfolioSharesCommand,
  ServiceCatalogClient,
} from "@aws-sdk/client-service-catalog";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { STSClient } from "@aws-sdk/client-sts";
import { cliFilesS3 } from "#aws/cli-files-s3.ts";
import { estateProposalsAws } from "#aws/estate-proposals-aws.ts";
import { estatePublicationS3 } from "#aws/estate-publication-s3.ts";
import { intakeQueueSqs } from "#aws/intake-queue-sqs.ts";
import { portfolioServiceCatalog } from "#aws/portfolio-service-catalog.ts";
import { registryFilesS3 } from "#aws/registry-files-s3.ts";
import { templateProposalsAws } from "#aws/template-proposals-aws.ts";
import { templatePublicationS3 } from "#aws/template-publication-s3.ts";
import { templateRegistryWriterS3 } from "#aws/template-registry-writer-s3.ts";
import { cliKeys, lambdaKey, queues } from "#release/names/deployed-names.ts";
import { sha256Hex } from "#release/names/digest.ts";
import { registryKeys } from "#release/names/registry-keys.ts";
import { cliFilesContract } from "#test/contracts/cli-files.ts";
import { estatePublicationContract } from "#test/contracts/estate-publication.ts";
import { intakeQueueContract } from "#test/contracts/intake-queue.ts";
import { portfolioContract } from "#test/contracts/portfolio.ts";
import { registryFilesContract } from "#test/contracts/registry-files.ts";
import { templatePublicationContract } from "#test/contracts/template-publication.ts";
import { memoryEstateRegistry } from "#test/support/fakes/estate-registry.ts";
import {
  memoryCliFiles,
  memoryIntake,
  memoryPortfolio,
  memoryRegistryFiles,
} from "#test/support/fakes/operators.ts";
import { memoryTemplatePublication } from "#test/support/fakes/template-publication.ts";
import { memoryTemplateRegistry } from "#test/support/fakes/template-registry.ts";
import { anchor, awsCloud } from "./aws-cloud.ts";

const inMemory = { [Symbol.asyncDispose]: async () => undefined };
const none = new Uint8Array();

/** A cloud with one bucket, whose objects are read without a port. */
async function bucketInCloud() {
  const aws = await awsCloud();
  const bucket = await aws.bucket("central");
  const get = async (Key: string): Promise<Uint8Array> => {
    const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    return (await Body?.transformToByteArray()) ?? none;
  };
  return { ...aws, bucket, get };
}

cliFilesContract("memory", async () => {
  const port = memoryCliFiles();
  return { port, newest: async () => port.newest() ?? none, ...inMemory };
});
cliFilesContract("S3", async () => {
  const aws = await bucketInCloud();
  const newest = () => aws.get(cliKeys("").newest);
  return { ...aws, port: cliFilesS3(aws.s3, aws.bucket), newest };
});

registryFilesContract("memory", async () => {
  const port = memoryRegistryFiles();
  const lambda = async (digest: string) => port.lambdas.get(digest) ?? none;
  return { port, lambda, ...inMemory };
});
registryFilesContract("S3", async () => {
  const aws = await bucketInCloud();
  const lambda = (digest: string) => aws.get(lambdaKey(digest));
  return { ...aws, port: registryFilesS3(aws.s3, aws.bucket), lambda };
});

estatePublicationContract("memory", async () => {
  const held = memoryEstateRegistry();
  const proposals = held.proposalsOf("AIDAX", async () => ({ state: "missing" }));
  return { publication: held.publication, proposals, ...inMemory };
});
estatePublicationContract("S3", async () => {
  const aws = await bucketInCloud();
  const [sts, lambda] = [aws.cloud.client(STSClient, anchor), aws.cloud.client(LambdaClient, anchor)];
  const proposals = estateProposalsAws({ s3: aws.s3, lambda, sts }, aws.bucket);
  return { ...aws, publication: estatePublicationS3(aws.s3, aws.bucket), proposals };
});

templatePublicationContract("memory", async () => {
  const registry = memoryTemplateRegistry();
  const { modules, proposalsOf } = memoryTemplatePublication(registry);
  const proposals = proposalsOf("AIDAX", async () => ({ state: "missing" }));
  const writeUnsigned = async (name: string, version: string, module: Uint8Array) =>
    void registry.objects.set(registryKeys.template(name, version, sha256Hex(module)), module);
  return { modules, proposals, registry, writeUnsigned, ...inMemory };
});
templatePublicationContract("S3", async () => {
  const aws = await bucketInCloud();
  const [sts, lambda] = [aws.cloud.client(STSClient, anchor), aws.cloud.client(LambdaClient, anchor)];
  const writeUnsigned = async (name: string, version: string, module: Uint8Array) => {
    const Key = registryKeys.template(name, version, sha256Hex(module));
    await aws.s3.send(new PutObjectCommand({ Bucket: aws.bucket, Key, Body: module }));
  };
  return {
    ...aws,
    modules: templatePublicationS3(aws.s3, aws.bucket),
    proposals: templateProposalsAws({ s3: aws.s3, lambda, sts }, aws.bucket),
    registry: templateRegistryWriterS3(aws.s3, aws.bucket),
    writeUnsigned,
  };
});

intakeQueueContract("memory", async () => {
  const port = memoryIntake();
  return { port, received: async () => port.bodies, ...inMemory };
});
intakeQueueContract("SQS", async () => {
  const aws = await awsCloud();
  const sqs = aws.cloud.client(SQSClient, anchor);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: queues.intake }));
  const received = async (): Promise<readonly string[]> => {
    const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 });
    const bodies = ((await sqs.send(receive)).Messages ?? []).map(({ Body = "" }) => Body);
    return bodies.length === 0 ? [] : [...bodies, ...(await received())];
  };
  return { ...aws, port: intakeQueueSqs(sqs), received };
});

portfolioContract("memory", async () => {
  const port = memoryPortfolio();
  return {
    port,
    create: async () => port.create(),
    sharedWith: async () => [...port.organizations],
    ...inMemory,
  };
});
portfolioContract("Service Catalog", async () => {
  const aws = await awsCloud();
  const catalog = aws.cloud.client(ServiceCatalogClient, anchor);
  const create = async (): Promise<string> => {
    const input = { DisplayName: "Kedge", ProviderName: "the cloud team", IdempotencyToken: "once" };
    const { PortfolioDetail } = await catalog.send(new CreatePortfolioCommand(input));
    return PortfolioDetail?.Id ?? "";
  };
  const sharedWith = async (PortfolioId: string): Promise<readonly string[]> => {
    const shares = new DescribePortfolioSharesCommand({ PortfolioId, Type: "ORGANIZATION" });
    const { PortfolioShareDetails = [] } = await catalog.send(shares);
    return PortfolioShareDetails.map(({ PrincipalId = "" }) => PrincipalId);
  };
  return { ...aws, port: portfolioServiceCatalog(catalog), create, sharedWith };
});
