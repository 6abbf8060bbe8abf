/**
 * Reads release templates from the registry. A module is evaluated only when its bytes have the digest of its entry and two
 * people have signed it, because its code runs with the rights of the reader.
 */
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { ModuleRecord } from "#ports/template-publication.ts";
import type { TemplateRegistry } from "#ports/template-registry.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { registryKeys } from "#release/names/registry-keys.ts";
import { withSupplement } from "#release/template/index-supplement.ts";
import type { LoadedTemplate } from "#release/template/template.ts";
import { parseIndex } from "#release/template/template-index.ts";
import { unconfirmed } from "#release/template/unconfirmed.ts";
import { isMissingObject } from "./error-names.ts";
import { recordOf } from "./module-record.ts";
import { readText } from "./read-text-s3.ts";
import { evaluateAs } from "./template-module.ts";

type StoredModule = { readonly bytes: Uint8Array; readonly record: ModuleRecord | undefined };

export function templateRegistryS3(s3: S3Client, bucket: string): TemplateRegistry {
  const loaded = new Map<string, Promise<LoadedTemplate>>();
  const read = async (key: string): Promise<StoredModule> => {
    try {
      const { Body, Metadata } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array(0);
      return { bytes, record: recordOf(Metadata) };
    } catch (error) {
      if (isMissingObject(error)) throw new ReleaseError("TemplateUnavailable", `There is no ${key}.`, error);
      throw error;
    }
  };
  return {
    index: async () => {
      const [index, supplement] = await Promise.all([
        read(registryKeys.templates),
        readText(s3, bucket, registryKeys.supplement),
      ]);
      return withSupplement(parseIndex(new TextDecoder().decode(index.bytes)), supplement?.text);
    },
    load: (ref) => {
      const held = loaded.get(ref.sha256);
      if (held !== undefined) return held;
      const key = registryKeys.template(ref.name, ref.version, ref.sha256);
      const loading = read(key).then(async ({ bytes, record }): Promise<LoadedTemplate> => {
        if (record?.confirmed === false) throw unconfirmed(ref);
        return { ...(await evaluateAs(bytes, ref, key)), ...(record === undefined && { unsigned: true }) };
      });
      loaded.set(ref.sha256, loading);
      loading.catch(() => loaded.delete(ref.sha256)); // the next one tries again
      return loading;
    },
  };
}
