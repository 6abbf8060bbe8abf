/**
 * Opens a cloud with the resources of a pipeline: an artifact bucket, a source bucket with an object, and
 * the pipeline's role.
 */
import {
  CodePipelineClient,
  CreatePipelineCommand,
  GetPipelineStateCommand,
  type GetPipelineStateCommandOutput,
  type PipelineDeclaration,
  type StageDeclaration,
} from "@aws-sdk/client-codepipeline";
import {
  CreateBucketCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { writeZip } from "#cloud/build/zip-writer.ts";
import { type TestCloud, testCloud } from "#cloud/testing/cloud.ts";
import { createRole, type Statement } from "./create-role.ts";
import { findAction, newestExecution, newestStatus, problemOf } from "./executions.ts";
import { shareArtifacts } from "./share-artifacts.ts";

export const ACCOUNT = "111111111111";
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/pipeline`;

export type Estate = AsyncDisposable & {
  readonly cloud: TestCloud;
  readonly pipelines: CodePipelineClient;
  readonly s3: S3Client;
  readonly role: (
    name: string,
    service: string,
    statements: readonly Statement[],
    account?: string,
  ) => Promise<string>;
  /** Puts the source object and returns its version id. */
  readonly source: (
    files: Readonly<Record<string, string>>,
    metadata?: Record<string, string>,
  ) => Promise<string>;
  readonly create: (
    stages: readonly StageDeclaration[],
    rest?: Partial<PipelineDeclaration>,
  ) => Promise<void>;
  /** Waits until the pipeline makes no further step by itself. */
  readonly rest: () => Promise<void>;
  /** Grants another account access to the artifact bucket and to a key of its own. */
  readonly share: (account: string) => Promise<void>;
  /** Creates the pipeline like `create`, with the artifacts under that key. */
  readonly createShared: (stages: readonly StageDeclaration[]) => Promise<void>;
  readonly statusOf: (pipeline: string) => Promise<string | undefined>;
  /** Returns the error of the newest failed action of the newest execution. */
  readonly problem: () => Promise<string | undefined>;
  readonly state: () => Promise<GetPipelineStateCommandOutput>;
  readonly newest: () => Promise<{ readonly id: string; readonly status: string | undefined }>;
  readonly action: (name: string) => ReturnType<typeof findAction>;
};

/**
 * `dataDir`: the state that another estate left there is `found` again, and no resource is created anew.
 * `poll`: the pace, in ms.
 */
export async function openEstate(
  options: { readonly dataDir?: string; readonly found?: boolean; readonly poll?: number } = {},
): Promise<Estate> {
  const { dataDir, found = false, poll = 5 } = options;
  const cloud = await testCloud({
    pace: { poll, resource: 1 },
    ...(dataDir !== undefined && { dataDir }),
  });
  const pipelines = cloud.client(CodePipelineClient, ACCOUNT);
  const s3 = cloud.client(S3Client, ACCOUNT);
  if (!found) await createResources(cloud);
  let key = "";
  const create: Estate["create"] = async (stages, more = {}) => {
    await createPipeline(pipelines, stages, more);
    await rest(cloud);
  };
  return {
    ...{ cloud, pipelines, s3, create },
    role: (name, service, statements, account = ACCOUNT) =>
      createRole(cloud, account, name, service, statements),
    rest: () => rest(cloud),
    source: (files, metadata = {}) => putSource(s3, files, metadata),
    share: async (account) => {
      key = await shareArtifacts(cloud, ACCOUNT, account);
    },
    createShared: (stages) =>
      create(stages, {
        artifactStore: { type: "S3", location: "artifacts", encryptionKey: { id: key, type: "KMS" } },
      }),
    statusOf: (pipelineName) => newestStatus(pipelines, pipelineName),
    problem: () => problemOf(pipelines),
    state: () => pipelines.send(new GetPipelineStateCommand({ name: "line" })),
    newest: () => newestExecution(pipelines),
    action: (name) => findAction(pipelines, name),
    [Symbol.asyncDispose]: () => cloud.stop(),
  };
}

async function createResources(cloud: TestCloud): Promise<void> {
  const s3 = cloud.client(S3Client, ACCOUNT);
  for (const Bucket of ["artifacts", "source", "target"]) await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(
    new PutBucketVersioningCommand({ Bucket: "source", VersioningConfiguration: { Status: "Enabled" } }),
  );
  await createRole(cloud, ACCOUNT, "pipeline", "codepipeline.amazonaws.com", [
    { Effect: "Allow", Action: "s3:*", Resource: ["arn:aws:s3:::*"] },
    {
      Effect: "Allow",
      Action: [
        "lambda:InvokeFunction",
        "sts:AssumeRole",
        "logs:*",
        "kms:*",
        "codebuild:*",
        "cloudformation:*",
        "iam:PassRole",
        "sns:Publish",
      ],
      Resource: "*",
    },
  ]);
}

async function createPipeline(
  pipelines: CodePipelineClient,
  stages: readonly StageDeclaration[],
  more: Partial<PipelineDeclaration>,
): Promise<void> {
  await pipelines.send(
    new CreatePipelineCommand({
      pipeline: {
        name: "line",
        roleArn: ROLE,
        pipelineType: "V2",
        artifactStore: { type: "S3", location: "artifacts" },
        stages: [...stages],
        ...more,
      },
    }),
  );
}

async function putSource(
  s3: S3Client,
  files: Readonly<Record<string, string>>,
  Metadata: Record<string, string>,
): Promise<string> {
  const Body = writeZip(Object.entries(files).map(([name, text]) => ({ name, data: Buffer.from(text) })));
  const { VersionId = "" } = await s3.send(
    new PutObjectCommand({ Bucket: "source", Key: "app.zip", Body, Metadata }),
  );
  return VersionId;
}

async function rest(cloud: TestCloud): Promise<void> {
  const { clock } = cloud;
  await cloud.cloud().settled();
  // Polls are short timers. A timer further away is a timeout and must not be pushed.
  for (let next = clock.next(); next && next.getTime() - clock.now().getTime() < 1000; next = clock.next()) {
    await clock.push(Math.max(next.getTime() - clock.now().getTime(), 0) + 1);
    await cloud.cloud().settled();
  }
}
