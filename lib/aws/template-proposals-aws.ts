/** The caller's signatures of release templates in the registry bucket, and the Lambda that publishes the modules. */
import type { LambdaClient } from "@aws-sdk/client-lambda";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { STSClient } from "@aws-sdk/client-sts";
import type { ModuleAnswer, TemplateProposals } from "#ports/template-proposals.ts";
import { registryKeys } from "#release/names/registry-keys.ts";
import { invokePublish, ownSignerPath } from "./publish-function.ts";

type Clients = { readonly s3: S3Client; readonly lambda: LambdaClient; readonly sts: STSClient };

export const templateProposalsAws = ({ s3, lambda, sts }: Clients, bucket: string): TemplateProposals => ({
  sign: async (ref, module) => {
    const Key = `${registryKeys.moduleProposals(ref)}${await ownSignerPath(sts)}`;
    const ContentType = "text/javascript";
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: module, ContentType }));
  },
  publish: ({ name, version, sha256 }) =>
    invokePublish<ModuleAnswer>(lambda, { template: { name, version, sha256 } }),
});
