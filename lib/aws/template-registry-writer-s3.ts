/**
 * Writes release templates to the registry: modules and the schemas of their settings once, and the index only when no
 * other writer has changed it since it was read. It reads modules with the reader that the Lambdas have.
 */
import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { WritableTemplateRegistry } from "#ports/template-registry.ts";
import type { JsonSchema } from "#release/document/shape.ts";
import { registryKeys } from "#release/names/registry-keys.ts";
import { emptyIndex, formatIndex, parseIndex, type TemplateIndex } from "#release/template/template-index.ts";
import { isMissingObject } from "./error-names.ts";
import { isWriteConflict, putOnce } from "./put-once.ts";
import { templateRegistryS3 } from "./template-registry-s3.ts";

class RegistryBusy extends Error {
  override name = "RegistryBusy";
}

const attempts = 5;

type StoredIndex = { readonly index: TemplateIndex; readonly etag?: string | undefined };

export function templateRegistryWriterS3(s3: S3Client, bucket: string): WritableTemplateRegistry {
  const readIndex = async (): Promise<StoredIndex> => {
    try {
      const get = new GetObjectCommand({ Bucket: bucket, Key: registryKeys.templates });
      const { Body, ETag } = await s3.send(get);
      return { index: parseIndex((await Body?.transformToString()) ?? ""), etag: ETag };
    } catch (error) {
      if (isMissingObject(error)) return { index: emptyIndex }; // before the first version is published
      throw error;
    }
  };
  const writeIndex = async (index: TemplateIndex, etag: string | undefined): Promise<boolean> => {
    try {
      await s3.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: registryKeys.templates,
          Body: formatIndex(index),
          ContentType: "application/json",
          ...(etag === undefined ? { IfNoneMatch: "*" } : { IfMatch: etag }),
        }),
      );
      return true;
    } catch (error) {
      if (isWriteConflict(error)) return false;
      throw error;
    }
  };
  return {
    load: templateRegistryS3(s3, bucket).load,
    index: async () => (await readIndex()).index,
    change: async (change) => {
      for (let attempt = 0; attempt < attempts; attempt += 1) {
        const { index, etag } = await readIndex();
        const changed = change(index);
        if (await writeIndex(changed, etag)) return changed;
      }
      throw new RegistryBusy(`Other writers changed the index ${attempts} times in a row; try again.`);
    },
    settings: async ({ name, version, sha256 }) => {
      const Key = registryKeys.settings(name, version, sha256);
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
      return JSON.parse((await Body?.transformToString()) ?? "") as JsonSchema;
    },
    put: async ({ name, version, sha256 }, module, settings) => {
      await putOnce(s3, {
        Bucket: bucket,
        Key: registryKeys.template(name, version, sha256),
        Body: module,
      });
      const Key = registryKeys.settings(name, version, sha256);
      await putOnce(s3, { Bucket: bucket, Key, Body: JSON.stringify(settings) });
    },
  };
}
