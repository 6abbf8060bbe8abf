/** The published modules of release templates and their proposals in the registry bucket. */
import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { TemplatePublication } from "#ports/template-publication.ts";
import { registryKeys } from "#release/names/registry-keys.ts";
import { signerOf, signerPath } from "#release/names/signer.ts";
import { unlessMissing } from "./error-names.ts";
import { metadataOf, recordOf } from "./module-record.ts";
import { putOnce } from "./put-once.ts";

export const templatePublicationS3 = (s3: S3Client, bucket: string): TemplatePublication => ({
  record: async ({ name, version, sha256 }) => {
    const Key = registryKeys.template(name, version, sha256);
    const found = await unlessMissing(s3.send(new HeadObjectCommand({ Bucket: bucket, Key })));
    return found && (recordOf(found.Metadata) ?? { confirmed: true, people: [] });
  },
  signers: async (ref) => {
    const Prefix = registryKeys.moduleProposals(ref);
    const keys: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix }))
      keys.push(...Contents.map(({ Key = "" }) => Key));
    return keys.flatMap((key) => signerOf(key.slice(Prefix.length)) ?? []);
  },
  proposal: async (ref, signer) => {
    const Key = `${registryKeys.moduleProposals(ref)}${signerPath(signer)}`;
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array(0);
  },
  write: async ({ name, version, sha256 }, module, record) => {
    const Key = registryKeys.template(name, version, sha256);
    const object = { Bucket: bucket, Key, Body: module, Metadata: metadataOf(record) };
    if (record.confirmed) await s3.send(new PutObjectCommand(object));
    else await putOnce(s3, object);
  },
});
