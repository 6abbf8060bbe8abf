/**
 * Opens a cloud with the resources of a pipeline: an artifact bucket, a source bucket with an object, and
 * the pipeline's role.
 */
import {
  type ActionDeclaration,
  CodePipelineClient,
  CreatePipelineCommand,
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
  type GetPipelineStateCommandOutput,
  ListActionExecutionsCommand,
  ListPipelineExecutionsCommand,
  type PipelineDeclaration,
  type StageDeclaration,
} from "@aws-sdk/client-codepipeline";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { writeZip } from "#cloud/build/zip-writer.ts";
import { type TestCloud, testCloud } from "#cloud/testing/cloud.ts";

export const ACCOUNT = "111111111111";
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/pipeline`;

type Statement = { readonly Effect: string; readonly Action: unknown; readonly Resource: unknown };

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
  readonly action: (name: string) => Promise<NonNullable<Awaited<ReturnType<typeof actionsOf>>[number]>>;
};

export const source = (configuration: Record<string, string> = {}): StageDeclaration => ({
  name: "Source",
  actions: [
    {
      name: "Bundle",
      actionTypeId: { category: "Source", owner: "AWS", provider: "S3", version: "1" },
      configuration: {
        S3Bucket: "source",
        S3ObjectKey: "app.zip",
        PollForSourceChanges: "false",
        ...configuration,
      },
      outputArtifacts: [{ name: "App" }],
      namespace: "Src",
    },
  ],
});

export const approval: ActionDeclaration = {
  name: "Ok",
  actionTypeId: { category: "Approval", owner: "AWS", provider: "Manual", version: "1" },
};

export const commands = (name: string, ...lines: string[]): ActionDeclaration => ({
  name,
  actionTypeId: { category: "Compute", owner: "AWS", provider: "Commands", version: "1" },
  commands: lines,
  inputArtifacts: [{ name: "App" }],
});

const actionsOf = async (client: CodePipelineClient) =>
  (await client.send(new ListActionExecutionsCommand({ pipelineName: "line" }))).actionExecutionDetails ?? [];

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
  const role: Estate["role"] = async (name, service, statements, account = ACCOUNT) => {
    const iam = cloud.client(IAMClient, account);
    const principal = service.startsWith("arn:") ? { AWS: service } : { Service: service };
    await iam.send(
      new CreateRoleCommand({
        RoleName: name,
        AssumeRolePolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" }],
        }),
      }),
    );
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: name,
        PolicyName: "p",
        PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: statements }),
      }),
    );
    return `arn:aws:iam::${account}:role/${name}`;
  };
  if (!found) {
    for (const Bucket of ["artifacts", "source", "target"])
      await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(
      new PutBucketVersioningCommand({ Bucket: "source", VersioningConfiguration: { Status: "Enabled" } }),
    );
    await role("pipeline", "codepipeline.amazonaws.com", [
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
  let key = "";
  const create: Estate["create"] = async (stages, more = {}) => {
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
    await rest();
  };
  const rest = async (): Promise<void> => {
    const { clock } = cloud;
    await cloud.cloud().settled();
    // Polls are short timers. A timer further away is a timeout and must not be pushed.
    for (
      let next = clock.next();
      next && next.getTime() - clock.now().getTime() < 1000;
      next = clock.next()
    ) {
      await clock.push(Math.max(next.getTime() - clock.now().getTime(), 0) + 1);
      await cloud.cloud().settled();
    }
  };
  return {
    cloud,
    pipelines,
    s3,
    role,
    rest,
    source: async (files, Metadata = {}) => {
      const Body = writeZip(Object.entries(files).map(([name, text]) => ({ name, data: Buffer.from(text) })));
      const { VersionId = "" } = await s3.send(
        new PutObjectCommand({ Bucket: "source", Key: "app.zip", Body, Metadata }),
      );
      return VersionId;
    },
    create,
    share: async (account) => {
      const allow = (Principal: object, Action: unknown, Resource: unknown) => ({
        Effect: "Allow",
        Principal,
        Action,
        Resource,
      });
      const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
      const root = (of: string) => ({ AWS: `arn:aws:iam::${of}:root` });
      const { KeyMetadata } = await cloud.client(KMSClient, ACCOUNT).send(
        new CreateKeyCommand({
          Policy: policy(
            allow(root(ACCOUNT), "kms:*", "*"),
            allow(root(account), ["kms:Decrypt", "kms:DescribeKey"], "*"),
          ),
        }),
      );
      key = KeyMetadata?.Arn ?? "";
      await s3.send(
        new PutBucketPolicyCommand({
          Bucket: "artifacts",
          Policy: policy(
            allow(
              root(account),
              ["s3:GetObject", "s3:ListBucket"],
              ["arn:aws:s3:::artifacts", "arn:aws:s3:::artifacts/*"],
            ),
          ),
        }),
      );
    },
    createShared: (stages) =>
      create(stages, {
        artifactStore: { type: "S3", location: "artifacts", encryptionKey: { id: key, type: "KMS" } },
      }),
    statusOf: async (pipelineName) =>
      (await pipelines.send(new ListPipelineExecutionsCommand({ pipelineName })))
        .pipelineExecutionSummaries?.[0]?.status,
    problem: async () => {
      const actions = await actionsOf(pipelines);
      const failed = actions.find(
        ({ status, pipelineExecutionId }) =>
          status === "Failed" && pipelineExecutionId === actions[0]?.pipelineExecutionId,
      );
      return failed?.output?.executionResult?.errorDetails?.message;
    },
    state: () => pipelines.send(new GetPipelineStateCommand({ name: "line" })),
    newest: async () => {
      const { pipelineExecutionSummaries } = await pipelines.send(
        new ListPipelineExecutionsCommand({ pipelineName: "line" }),
      );
      const id = pipelineExecutionSummaries?.[0]?.pipelineExecutionId ?? "";
      const { pipelineExecution } = await pipelines.send(
        new GetPipelineExecutionCommand({ pipelineName: "line", pipelineExecutionId: id }),
      );
      return { id, status: pipelineExecution?.status };
    },
    action: async (name) => {
      const found = (await actionsOf(pipelines)).find(({ actionName }) => actionName === name);
      if (found === undefined) throw new Error(`no action ${name}`);
      return found;
    },
    [Symbol.asyncDispose]: () => cloud.stop(),
  };
}
