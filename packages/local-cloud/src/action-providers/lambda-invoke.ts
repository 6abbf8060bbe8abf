/** Lambda invoke: sends the function a job and waits for PutJobSuccessResult or PutJobFailureResult. */

import { issueArtifactCredentials } from "./artifact-credentials.ts";
import { type ActionProvider, DAY, failed, type Job, type Outcome, properties } from "./provider.ts";

export const lambdaInvoke: ActionProvider = {
  categories: ["Invoke"],
  provider: "Lambda",
  inputs: [0, 5],
  outputs: [0, 5],
  properties: properties(["FunctionName"], ["UserParameters"]),
  timeoutMinutes: DAY,
  start: (job) => invokeFunction(job),
  // A continuation sends the same job again, with the token that the function left.
  observe: (job) => invokeFunction(job),
};

/**
 * The function must answer through the job (CodePipeline User Guide, "Invoke an AWS Lambda function in a
 * pipeline in CodePipeline"). CodePipeline ignores the function's return value.
 */
export async function invokeFunction(job: Job): Promise<Outcome> {
  const functionName = job.configuration["FunctionName"] ?? "";
  const ticket = job.openJob({ kind: "lambda", functionName });
  const { accessKeyId, secretAccessKey, sessionToken } = await issueArtifactCredentials(job);
  const artifactLocation = (location: { readonly bucket: string; readonly key: string }) => ({
    type: "S3",
    s3Location: { bucketName: location.bucket, objectKey: location.key },
  });
  const event = {
    "CodePipeline.job": {
      id: ticket.id,
      accountId: job.pipeline.account,
      data: {
        actionConfiguration: { configuration: job.configuration },
        inputArtifacts: job.inputs.map(({ name, revisionId, location }) => ({
          location: artifactLocation(location),
          revision: revisionId ?? null,
          name,
        })),
        outputArtifacts: job.outputs.map(({ name, location }) => ({
          location: artifactLocation(location),
          revision: null,
          name,
        })),
        artifactCredentials: { accessKeyId, secretAccessKey, sessionToken },
        ...(ticket.continuationToken !== undefined && { continuationToken: ticket.continuationToken }),
        ...(job.encryptionKey && { encryptionKey: job.encryptionKey }),
      },
    },
  };
  const { StatusCode = 0 } = await job.call<{ StatusCode?: number }>("lambda", "Invoke", {
    FunctionName: functionName,
    InvocationType: "Event",
    Payload: Buffer.from(JSON.stringify(event)),
  });
  if (StatusCode >= 300)
    return failed("JobFailed", `Lambda answered ${StatusCode} for the function ${functionName}.`);
  return { status: "Waiting", details: { externalExecutionId: ticket.id } };
}
