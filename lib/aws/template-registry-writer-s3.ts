/**
 * Writes the registry of release templates: the schemas of their settings once, and the two objects of the index only
 * when no other writer has changed them since they were read. It reads modules with the reader that the Lambdas have.
 */
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { WritableTemplateRegistry } from "#ports/template-registry.ts";
import type { JsonSchema } from "#release/document/shape.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { registryKeys } from "#release/names/registry-keys.ts";
import { formatSupplement, withSupplement } from "#release/template/index-supplement.ts";
import { emptyIndex, formatIndex, parseIndex } from "#release/template/template-index.ts";
import { unlessMissing } from "./error-names.ts";
import { recordOf } from "./module-record.ts";
import { isWriteConflict, putOnce } from "./put-once.ts";
import { readText, type StoredText } from "./read-text-s3.ts";
import { templateRegistryS3 } from "./template-registry-s3.ts";

class RegistryBusy extends Error {
  override name = "RegistryBusy";
}

const attempts = 5;

const noModule = (key: string): ReleaseError =>
  new ReleaseError("TemplateUnavailable", `There is no ${key}.`);

export function templateRegistryWriterS3(s3: S3Client, bucket: string): WritableTemplateRegistry {
  const readIndex = async () => {
    const [main, supplement] = await Promise.all([
      readText(s3, bucket, registryKeys.templates),
      readText(s3, bucket, registryKeys.supplement),
    ]);
    const known = main === undefined ? emptyIndex : parseIndex(main.text); // before the first version is published
    return { index: withSupplement(known, supplement?.text), main, supplement };
  };
  /** False when another writer was faster. */
  const write = async (key: string, text: string, before: StoredText | undefined): Promise<boolean> => {
    if (before?.text === text) return true;
    try {
      await s3.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: text,
          ContentType: "application/json",
          ...(before === undefined ? { IfNoneMatch: "*" } : { IfMatch: before.etag }),
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
        const { index, main, supplement } = await readIndex();
        const changed = change(index);
        // The supplement is first: a rollout begins when the index has it, and its broken lines are known by then.
        if (!(await write(registryKeys.supplement, formatSupplement(changed), supplement))) continue;
        if (await write(registryKeys.templates, formatIndex(changed), main)) return changed;
      }
      throw new RegistryBusy(`Other writers changed the index ${attempts} times in a row; try again.`);
    },
    confirmed: async ({ name, version, sha256 }) => {
      const Key = registryKeys.template(name, version, sha256);
      const found = await unlessMissing(s3.send(new HeadObjectCommand({ Bucket: bucket, Key })));
      if (found === undefined) throw noModule(Key);
      return recordOf(found.Metadata)?.confirmed !== false;
    },
    module: async ({ name, version, sha256 }) => {
      const Key = registryKeys.template(name, version, sha256);
      const found = await unlessMissing(s3.send(new GetObjectCommand({ Bucket: bucket, Key })));
      if (found === undefined) throw noModule(Key);
      return (await found.Body?.transformToByteArray()) ?? new Uint8Array(0);
    },
    settings: async ({ name, version, sha256 }) => {
      const Key = registryKeys.settings(name, version, sha256);
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
      return JSON.parse((await Body?.transformToString()) ?? "") as JsonSchema;
    },
    putSettings: async ({ name, version, sha256 }, settings) => {
      const Key = registryKeys.settings(name, version, sha256);
      await putOnce(s3, { Bucket: bucket, Key, Body: JSON.stringify(settings) });
    },
  };
}
