/**
 * Builds the data of a job for its worker: the configuration, the artifacts, and credentials limited to them.
 */
import type { JobData } from "@aws-sdk/client-codepipeline";
import { artifactPolicy } from "#cloud/action-providers/artifact-credentials.ts";
import { storeOf } from "#cloud/pipeline/declaration.ts";
import type { RunDetails } from "#cloud/pipeline/execution.ts";
import type { Engine } from "./engine.ts";
import { findRun } from "./find-run.ts";
import { lineOf } from "./jobs.ts";
import { pipelineArn } from "./names.ts";
import { issueLimitedCredentials } from "./roles.ts";
import type { JobRow } from "./state.ts";

export async function jobData(engine: Engine, job: JobRow): Promise<JobData> {
  const line = lineOf(job);
  const found = findRun(engine, line, job);
  if (found === undefined) return {};
  const { run, declared, row, execution, region } = found;
  const encryptionKey = storeOf(row.declaration, region)?.encryptionKey;
  const artifact = ({ name, place: location }: NonNullable<RunDetails["inputs"]>[number]) => {
    const revision = execution.artifacts[name]?.revisionId;
    return {
      name,
      ...(revision !== undefined && { revision }),
      location: { type: "S3" as const, s3Location: { bucketName: location.bucket, objectKey: location.key } },
    };
  };
  const inputs = run.details.inputs ?? [];
  const outputs = run.details.outputs ?? [];
  const unread = inputs.map(({ name, place: location }) => ({
    name,
    location,
    read: () => Promise.resolve(Buffer.alloc(0)),
  }));
  const unwritten = outputs.map(({ name, place: location }) => ({
    name,
    location,
    write: () => Promise.resolve(),
  }));
  const policy = artifactPolicy({
    inputs: unread,
    outputs: unwritten,
    ...(encryptionKey && { encryptionKey }),
  });
  return {
    ...("actionTypeId" in declared && { actionTypeId: declared.actionTypeId }),
    actionConfiguration: {
      configuration: { ...(run.details.resolvedConfiguration ?? declared.configuration) },
    },
    pipelineContext: {
      pipelineName: job.pipeline,
      pipelineArn: pipelineArn(line, job.pipeline),
      pipelineExecutionId: job.execution,
      stage: { name: run.stage },
      action: { name: declared.name, actionExecutionId: run.id },
    },
    inputArtifacts: inputs.map(artifact),
    outputArtifacts: outputs.map(artifact),
    artifactCredentials: await issueLimitedCredentials(engine, line, row.declaration.roleArn, policy),
    ...(job.continuationToken !== undefined && { continuationToken: job.continuationToken }),
    ...(encryptionKey && { encryptionKey }),
  };
}
