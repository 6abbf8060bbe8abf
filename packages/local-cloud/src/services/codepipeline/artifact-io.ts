/** Names the S3 objects of artifacts, and reads, writes and copies them between regions. */
import { randomBytes } from "node:crypto";
import type { Readable } from "node:stream";
import type { Cloud } from "#cloud/kernel/cloud-type.ts";
import type { RoleSession } from "#cloud/kernel/principal.ts";
import { assumptions } from "#cloud/pipeline/assumptions.ts";
import type { ArtifactStore } from "#cloud/pipeline/declaration.ts";
import type { S3Location } from "#cloud/pipeline/execution.ts";

/**
 * Returns a key such as `myPipeline/SourceArti/KEYEXA1`. The names are cut so that the keys fit into
 * policies.
 */
export const newLocation = (store: ArtifactStore, pipeline: string, artifact: string): S3Location => ({
  bucket: store.location,
  key: `${pipeline.slice(0, assumptions.artifactKeyPipelineLength)}/${artifact.slice(0, 10)}/${randomName()}`,
});

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const randomName = (): string => [...randomBytes(7)].map((byte) => ALPHABET[byte % ALPHABET.length]).join("");

/** A role session and the region in which it calls S3. */
export type Caller = { readonly cloud: Cloud; readonly role: RoleSession; readonly region: string };

export async function readObject({ cloud, role, region }: Caller, location: S3Location): Promise<Buffer> {
  const { Body } = await cloud.invoke<{ Body?: Readable }>({
    service: "s3",
    operation: "GetObject",
    input: { Bucket: location.bucket, Key: location.key },
    principal: role,
    region,
  });
  const chunks: Buffer[] = [];
  for await (const chunk of Body ?? []) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}

const encryption = (store: ArtifactStore) => ({
  ServerSideEncryption: "aws:kms",
  ...(store.encryptionKey && { SSEKMSKeyId: store.encryptionKey.id }),
});

export const writeObject = async (
  { cloud, role, region }: Caller,
  store: ArtifactStore,
  location: S3Location,
  body: Buffer,
): Promise<void> =>
  void (await cloud.invoke({
    service: "s3",
    operation: "PutObject",
    input: {
      Bucket: location.bucket,
      Key: location.key,
      Body: body,
      ContentLength: body.length,
      ...encryption(store),
    },
    principal: role,
    region,
  }));

/**
 * Copies an artifact to another region: the pipeline's role reads it in one region and writes it in the
 * other.
 */
export const copyObject = async (
  from: Caller,
  source: S3Location,
  to: Caller,
  store: ArtifactStore,
  location: S3Location,
): Promise<void> => writeObject(to, store, location, await readObject(from, source));
