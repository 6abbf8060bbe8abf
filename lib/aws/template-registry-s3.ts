/** Reads release templates from the registry. A module is evaluated only when its bytes have the digest of its entry. */
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { TemplateRegistry } from "#ports/template-registry.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { registryKeys } from "#release/names/registry-keys.ts";
import { withSupplement } from "#release/template/index-supplement.ts";
import type { LoadedTemplate } from "#release/template/template.ts";
import { parseIndex } from "#release/template/template-index.ts";
import { isMissingObject } from "./error-names.ts";
import { readText } from "./read-text-s3.ts";
import { evaluateAs } from "./template-module.ts";

export function templateRegistryS3(s3: S3Client, bucket: string): TemplateRegistry {
  const loaded = new Map<string, Promise<LoadedTemplate>>();
  const read = async (key: string): Promise<Uint8Array> => {
    try {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return (await Body?.transformToByteArray()) ?? new Uint8Array(0);
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
      return withSupplement(parseIndex(new TextDecoder().decode(index)), supplement?.text);
    },
    load: (ref) => {
      const held = loaded.get(ref.sha256);
      if (held !== undefined) return held;
      const key = registryKeys.template(ref.name, ref.version, ref.sha256);
      const loading = read(key).then((bytes) => evaluateAs(bytes, ref, key));
      loaded.set(ref.sha256, loading);
      loading.catch(() => loaded.delete(ref.sha256)); // the next one tries again
      return loading;
    },
  };
}
