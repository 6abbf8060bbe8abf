/** Reads where a line has ended from AWS: its newest artifact, its pipeline's executions, and its stacks. */
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { CodePipelineClient, ListPipelineExecutionsCommand } from "@aws-sdk/client-codepipeline";
import { HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { resultsS3 } from "#aws/results-s3.ts";
import type { BootedEstate } from "#local-estate/boot.ts";
import { readResult } from "#operate/read-result.ts";
import { queues } from "#release/names/deployed-names.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import { pipelineName } from "#release/names/names.ts";
import { stackName } from "#release/names/stack-names.ts";
import { environmentsFor } from "#release/traits/targets.ts";

export type LineEnd = {
  /** The newest version is released, its execution is the last one, and the stacks have that version. */
  readonly onLast: boolean;
  readonly executions: number;
  readonly startedTwice: number;
  /** No execution of an older version began after one of a newer version. */
  readonly inOrder: boolean;
  /** The start of the newest version's execution, in milliseconds. */
  readonly startedAt?: number;
};

export async function lineEnd(
  estate: BootedEstate,
  line: Line,
  versions: readonly string[],
): Promise<LineEnd> {
  const s3 = estate.clients(S3Client, line.account);
  // An anchor's administrator may upload artifacts, but not read them.
  const newest = await estate
    .clients(S3Client, estate.estate.central)
    .send(new HeadObjectCommand({ Bucket: estate.bucket, Key: formatKey(line) }));
  const last = newest.VersionId ?? "";
  const result = await readResult(resultsS3(s3, estate.bucket), line, "latest");
  const { pipelineExecutionSummaries: executions = [] } = await estate
    .clients(CodePipelineClient, line.account)
    .send(new ListPipelineExecutionsCommand({ pipelineName: pipelineName(line) }));
  const runs = executions.map(({ sourceRevisions, status, startTime }) => ({
    version: sourceRevisions?.[0]?.revisionSummary?.split(" ")[0],
    status,
    startTime,
  }));
  // Executions are listed newest first, as are the versions in reverse order.
  const ages = runs.map(({ version }) => versions.toReversed().indexOf(version ?? ""));
  const started = runs.find(({ version }) => version === last)?.startTime;
  const startedTwice = versions.filter((each) => runs.filter(({ version }) => version === each).length > 1);
  const deployed = await deployedVersions(estate, line);
  return {
    onLast:
      result?.status === "released" &&
      result.version === last &&
      runs[0]?.version === last &&
      runs[0].status === "Succeeded" &&
      deployed.every((version) => version === last),
    executions: runs.length,
    startedTwice: startedTwice.length,
    inOrder: ages.every((age, index) => index === 0 || (ages[index - 1] ?? -1) <= age),
    ...(started && { startedAt: started.getTime() }),
  };
}

/** Reads the deployed versions from the output that each release gives the application's stack. */
const deployedVersions = (estate: BootedEstate, line: Line): Promise<readonly (string | undefined)[]> =>
  Promise.all(
    environmentsFor(estate.estate, line).targets.map(async ({ environment, account }) => {
      const StackName = stackName(environment, line);
      const { Stacks } = await estate
        .clients(CloudFormationClient, account)
        .send(new DescribeStacksCommand({ StackName }));
      return Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === "KedgeVersion")?.OutputValue;
    }),
  );

/** Counts the dead letters of uploads and of lines. */
export async function deadLetters(estate: BootedEstate, anchor: string): Promise<number> {
  const deadLetterQueues = [
    [estate.estate.central, queues.intakeDeadLetters],
    [anchor, queues.linesDeadLetters],
    [anchor, queues.observeDeadLetters],
  ] as const;
  const counts = await Promise.all(
    deadLetterQueues.map(async ([account, QueueName]) => {
      const sqs = estate.clients(SQSClient, account);
      const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["ApproximateNumberOfMessages"] }),
      );
      return Number(Attributes?.ApproximateNumberOfMessages);
    }),
  );
  return counts.reduce((total, count) => total + count, 0);
}
