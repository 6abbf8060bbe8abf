/** The published estate and its proposals in the registry bucket. */
import { GetObjectCommand, PutObjectCommand, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import type { EstatePublication } from "#ports/estate-publication.ts";
import { registryKeys } from "#release/names/registry-keys.ts";
import { signerOf, signerPath } from "#release/names/signer.ts";
import { publishedEstate } from "./published-estate-s3.ts";
import { isWriteConflict } from "./put-once.ts";

export const estatePublicationS3 = (s3: S3Client, bucket: string): EstatePublication => ({
  live: () => publishedEstate(s3, bucket),
  signers: async (base, digest) => {
    const Prefix = registryKeys.proposals(base, digest);
    const keys: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix }))
      keys.push(...Contents.map(({ Key = "" }) => Key));
    return keys.flatMap((key) => signerOf(key.slice(Prefix.length)) ?? []);
  },
  proposal: async (base, digest, signer) => {
    const Key = `${registryKeys.proposals(base, digest)}${signerPath(signer)}`;
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    return (await Body?.transformToString()) ?? "";
  },
  replace: async ({ text, live, people }) => {
    try {
      await s3.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: registryKeys.estate,
          Body: text,
          ContentType: "application/yaml",
          Metadata: { [publishers]: people.join(" ") },
          ...(live === undefined ? { IfNoneMatch: "*" } : { IfMatch: live.etag }),
        }),
      );
      return true;
    } catch (error) {
      if (isWriteConflict(error)) return false;
      throw error;
    }
  },
});

/** The metadata of each version of the estate: one write stores the text and the people. */
const publishers = "kedge-publishers";
