/**
 * The event of a CodePipeline job, reduced to the fields that Kedge's actions use. The event also holds
 * credentials, so it is never logged.
 */
import type { CodePipelineEvent } from "aws-lambda";
import type { EnvironmentJob, JobRequest, PrepareJob, WorkerJob } from "#journey/job.ts";

/** lib/synth/actions/invoke.ts writes the configuration; the artifacts come from CodePipeline. */
export function workerJobOf(event: CodePipelineEvent): WorkerJob {
  const { continuationToken, inputArtifacts, actionConfiguration } = event["CodePipeline.job"].data;
  const said = JSON.parse(actionConfiguration.configuration.UserParameters) as WorkerJob;
  const { execution, environment, account, region, stack, ...parameters } = said;
  return {
    ...{ execution, environment, account, region, stack, parameters },
    input: locationOf(inputArtifacts[0], "input"),
    ...(continuationToken && { continuation: continuationToken }),
  };
}

export function prepareJobOf(event: CodePipelineEvent): PrepareJob {
  const { parameters, ...job } = workerJobOf(event);
  const output = locationOf(event["CodePipeline.job"].data.outputArtifacts[0], "output");
  return { ...job, output, gated: parameters["gated"] === true };
}

export function jobOf(event: CodePipelineEvent): EnvironmentJob {
  const { gated: _, ...job } = prepareJobOf(event);
  return job;
}

/** True if the action declares an output artifact. */
export const hasOutput = (event: CodePipelineEvent): boolean =>
  event["CodePipeline.job"].data.outputArtifacts.length > 0;

type Artifact = CodePipelineEvent["CodePipeline.job"]["data"]["inputArtifacts"][number];

function locationOf(artifact: Artifact | undefined, kind: string): JobRequest["input"] {
  const { bucketName, objectKey } = artifact?.location.s3Location ?? {};
  if (bucketName && objectKey) return { bucket: bucketName, key: objectKey };
  throw new TypeError(`The job has no ${kind} artifact; the action in the pipeline has to declare one.`);
}
