/** The proposals of the caller in the registry bucket, and the Lambda that publishes them. */
import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import type { EstateProposals, PublicationAnswer } from "#ports/estate-proposals.ts";
import { functions } from "#release/names/deployed-names.ts";
import { registryKeys } from "#release/names/registry-keys.ts";
import { signerPath, ssoRoleName } from "#release/names/signer.ts";
import { publishedEstate } from "./published-estate-s3.ts";

type Clients = { readonly s3: S3Client; readonly lambda: LambdaClient; readonly sts: STSClient };

export const estateProposalsAws = ({ s3, lambda, sts }: Clients, bucket: string): EstateProposals => ({
  live: () => publishedEstate(s3, bucket),
  sign: async (base, digest, text) => {
    const { UserId: userId = "", Arn = "" } = await sts.send(new GetCallerIdentityCommand({}));
    // arn:aws:sts::<account>:assumed-role/<role>/<session>
    const kind = ssoRoleName.test(Arn.split("/")[1] ?? "") ? "sso" : "principal";
    const Key = `${registryKeys.proposals(base, digest)}${signerPath({ kind, userId })}`;
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: text, ContentType: "application/yaml" }));
  },
  signed: async (base, digest) => {
    const Prefix = registryKeys.proposals(base, digest);
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix, MaxKeys: 1 }));
    const [first] = Contents;
    if (first?.Key === undefined) return undefined;
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: first.Key }));
    return (await Body?.transformToString()) ?? "";
  },
  waiting: async (base) => {
    const Prefix = registryKeys.proposalsFor(base);
    const digests: string[] = [];
    for await (const page of paginateListObjectsV2(
      { client: s3 },
      { Bucket: bucket, Prefix, Delimiter: "/" },
    ))
      for (const folder of page.CommonPrefixes ?? [])
        digests.push(folder.Prefix?.slice(Prefix.length, -1) ?? "");
    return digests;
  },
  publish: async (digest) => {
    const order = new InvokeCommand({ FunctionName: functions.publish, Payload: JSON.stringify({ digest }) });
    const { FunctionError, Payload } = await lambda.send(order);
    const answer = JSON.parse(new TextDecoder().decode(Payload)) as unknown;
    if (FunctionError === undefined) return answer as PublicationAnswer;
    const { errorType, errorMessage } = answer as { errorType?: string; errorMessage?: string };
    return { state: "refused", why: `${functions.publish} failed: ${errorType}: ${errorMessage}` };
  },
});
