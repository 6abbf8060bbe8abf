/** The proposals of the caller in the registry bucket, and the Lambda that publishes them. */
import type { LambdaClient } from "@aws-sdk/client-lambda";
import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { STSClient } from "@aws-sdk/client-sts";
import type { EstateProposals, PublicationAnswer } from "#ports/estate-proposals.ts";
import { registryKeys } from "#release/names/registry-keys.ts";
import { invokePublish, ownSignerPath } from "./publish-function.ts";
import { publishedEstate } from "./published-estate-s3.ts";

type Clients = { readonly s3: S3Client; readonly lambda: LambdaClient; readonly sts: STSClient };

export const estateProposalsAws = ({ s3, lambda, sts }: Clients, bucket: string): EstateProposals => ({
  live: () => publishedEstate(s3, bucket),
  sign: async (base, digest, text) => {
    const Key = `${registryKeys.proposals(base, digest)}${await ownSignerPath(sts)}`;
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
  publish: (digest) => invokePublish<PublicationAnswer>(lambda, { digest }),
});
