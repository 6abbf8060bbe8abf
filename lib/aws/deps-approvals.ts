/** Joins the adapters for approvers. */
import { CodePipelineClient } from "@aws-sdk/client-codepipeline";
import { S3Client } from "@aws-sdk/client-s3";
import { approvalsCodepipeline } from "./approvals-codepipeline.ts";
import type { OperatorConfig } from "./config.ts";
import { peopleS3 } from "./people-s3.ts";
import { reviewsS3 } from "./reviews-s3.ts";

type ApprovalDeps = { readonly approvals: ReturnType<typeof approvalsCodepipeline> };
type ReviewDeps = {
  readonly reviews: ReturnType<typeof reviewsS3>;
  readonly people: ReturnType<typeof peopleS3>;
};

/** Without a bucket, reviews cannot be read. */
export function approvalDeps(config: OperatorConfig, bucket: string): ApprovalDeps & ReviewDeps;
export function approvalDeps(config: OperatorConfig, bucket?: string): ApprovalDeps & Partial<ReviewDeps>;
export function approvalDeps(config: OperatorConfig, bucket?: string): ApprovalDeps & Partial<ReviewDeps> {
  const s3 = new S3Client(config);
  return {
    approvals: approvalsCodepipeline(new CodePipelineClient(config)),
    ...(bucket !== undefined && { reviews: reviewsS3(s3, bucket), people: peopleS3(s3, bucket) }),
  };
}
