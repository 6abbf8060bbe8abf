/**
 * The registry as its publisher uses it: modules that are written once, beside each the schema of its settings, and the
 * index, which changes only if nobody else has changed it meanwhile.
 */
import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { JsonSchema } from "#release/document/shape.ts";
import { registryKeys } from "#release/names/places.ts";
import type { TemplateRef } from "#release/plan/plan.ts";
import { emptyIndex, formatIndex, parseIndex, type TemplateIndex } from "#release/template/template-index.ts";

export type Registry = {
  readonly bucket: string;
  readonly index: () => Promise<TemplateIndex>;
  /** Tries again with what is there by then, when somebody else was faster. */
  readonly change: (change: (index: TemplateIndex) => TemplateIndex) => Promise<TemplateIndex>;
  readonly module: (ref: TemplateRef) => Promise<Uint8Array>;
  readonly settings: (ref: TemplateRef) => Promise<JsonSchema>;
  /** Content-addressed: what is there already is left as it is. */
  readonly put: (ref: TemplateRef, module: Uint8Array, settings: JsonSchema) => Promise<void>;
};

export class RegistryBusy extends Error {
  override name = "RegistryBusy";
}

const attempts = 5;

export function openRegistry(s3: S3Client, bucket: string): Registry {
  const get = async (Key: string) => {
    const { Body, ETag } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    return { bytes: (await Body?.transformToByteArray()) ?? new Uint8Array(0), etag: ETag };
  };
  const read = async (): Promise<{ readonly index: TemplateIndex; readonly etag?: string | undefined }> => {
    try {
      const { bytes, etag } = await get(registryKeys.templates);
      return { index: parseIndex(new TextDecoder().decode(bytes)), etag };
    } catch (error) {
      if (error instanceof Error && error.name === "NoSuchKey") return { index: emptyIndex };
      throw error;
    }
  };
  const write = async (index: TemplateIndex, etag: string | undefined): Promise<boolean> => {
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
      if (isConflict(error)) return false;
      throw error;
    }
  };
  const putNew = async (Key: string, Body: Uint8Array | string): Promise<void> => {
    try {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body, IfNoneMatch: "*" }));
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  };
  return {
    bucket,
    index: async () => (await read()).index,
    change: async (change) => {
      for (let attempt = 0; attempt < attempts; attempt += 1) {
        const { index, etag } = await read();
        const changed = change(index);
        if (await write(changed, etag)) return changed;
      }
      throw new RegistryBusy(`The index was changed by others ${attempts} times in a row; try again.`);
    },
    module: async ({ name, version, sha256 }) =>
      (await get(registryKeys.template(name, version, sha256))).bytes,
    settings: async ({ name, version, sha256 }) => {
      const { bytes } = await get(registryKeys.settings(name, version, sha256));
      return JSON.parse(new TextDecoder().decode(bytes)) as JsonSchema;
    },
    put: async ({ name, version, sha256 }, module, settings) => {
      await putNew(registryKeys.template(name, version, sha256), module);
      await putNew(registryKeys.settings(name, version, sha256), JSON.stringify(settings));
    },
  };
}

/** Also what S3 answers while another conditional write is under way. */
const isConflict = (error: unknown): boolean =>
  error instanceof Error && ["PreconditionFailed", "ConditionalRequestConflict"].includes(error.name);
