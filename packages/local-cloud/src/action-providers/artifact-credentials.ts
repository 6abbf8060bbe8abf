/**
 * Issues the credentials that a job's worker gets: the pipeline's role, limited to the job's own artifacts.
 */
import type { Job } from "./provider.ts";

type ArtifactCredentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
};

/** A session policy that allows reading the inputs, writing the outputs, and using the store's key. */
export const artifactPolicy = (job: Pick<Job, "inputs" | "outputs" | "encryptionKey">): string => {
  const arn = ({
    location,
  }: {
    readonly location: { readonly bucket: string; readonly key: string };
  }): string => `arn:aws:s3:::${location.bucket}/${location.key}`;
  const buckets = [...job.inputs, ...job.outputs].map(({ location }) => `arn:aws:s3:::${location.bucket}`);
  const statement = (actions: readonly string[], resources: readonly string[]) =>
    resources.length === 0 ? [] : [{ Effect: "Allow", Action: actions, Resource: [...new Set(resources)] }];
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      ...statement(["s3:GetObject", "s3:GetObjectVersion"], job.inputs.map(arn)),
      ...statement(["s3:PutObject", "s3:PutObjectAcl", "s3:PutObjectTagging"], job.outputs.map(arn)),
      ...statement(["s3:GetBucketLocation", "s3:GetBucketVersioning", "s3:ListBucket"], buckets),
      {
        Effect: "Allow",
        Action: ["kms:Decrypt", "kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
        Resource: [job.encryptionKey?.id.startsWith("arn:") ? job.encryptionKey.id : "*"],
      },
    ],
  });
};

export const issueArtifactCredentials = (job: Job): Promise<ArtifactCredentials> =>
  job.issueLimitedCredentials(artifactPolicy(job));
