/** A job of CodePipeline as our actions see it. Its event also holds credentials, so nothing of it is ever logged. */
import type { CodePipelineEvent } from "aws-lambda";
import type { JobRequest } from "#journey/job.ts";

/** What an action's configuration says beside its artifacts; written by lib/synth/actions/invoke.ts. */
type Parameters = Readonly<Record<"execution" | "environment" | "account" | "region" | "stack", string>>;

export type Job = JobRequest & Parameters;

export class JobMalformed extends Error {
  override name = "JobMalformed";
}

export function jobOf(event: CodePipelineEvent): Job {
  const { data } = event["CodePipeline.job"];
  const { continuationToken, inputArtifacts, outputArtifacts, actionConfiguration } = data;
  return {
    ...(JSON.parse(actionConfiguration.configuration.UserParameters) as Parameters),
    input: locationOf(inputArtifacts[0], "input"),
    output: locationOf(outputArtifacts[0], "output"),
    ...(continuationToken && { continuation: continuationToken }),
  };
}

type Artifact = CodePipelineEvent["CodePipeline.job"]["data"]["inputArtifacts"][number];

function locationOf(artifact: Artifact | undefined, kind: string): JobRequest["input"] {
  const { bucketName, objectKey } = artifact?.location.s3Location ?? {};
  if (bucketName && objectKey) return { bucket: bucketName, key: objectKey };
  throw new JobMalformed(`The job has no ${kind} artifact; the action in the pipeline has to declare one.`);
}
