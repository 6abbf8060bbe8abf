/** The registry of release templates in memory. It evaluates modules as the real one does. */
import { evaluateAs } from "#aws/template-module.ts";
import type { WritableTemplateRegistry } from "#ports/template-registry.ts";
import type { JsonSchema } from "#release/document/shape.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { registryKeys } from "#release/names/registry-keys.ts";
import type { TemplateRef } from "#release/plan/plan.ts";
import { emptyIndex, type TemplateIndex } from "#release/template/template-index.ts";
import { unconfirmed } from "#release/template/unconfirmed.ts";

type MemoryTemplateRegistry = WritableTemplateRegistry & {
  /** The objects by key. A test may overwrite one, as an intruder would. */
  readonly objects: Map<string, Uint8Array>;
  /** Adds a published module without a count of its people. */
  readonly put: (ref: TemplateRef, module: Uint8Array, settings: JsonSchema) => Promise<void>;
  /** By the key of the module. A module without an entry was published by an earlier Kedge. */
  readonly confirmations: Map<string, boolean>;
};

export function memoryTemplateRegistry(index: TemplateIndex = emptyIndex): MemoryTemplateRegistry {
  const objects = new Map<string, Uint8Array>();
  let current = index;
  const get = (key: string): Uint8Array => {
    const bytes = objects.get(key);
    if (bytes === undefined) throw new ReleaseError("TemplateUnavailable", `There is no ${key}.`);
    return bytes;
  };
  const putOnce = (key: string, bytes: Uint8Array): void => {
    if (!objects.has(key)) objects.set(key, bytes);
  };
  const confirmations = new Map<string, boolean>();
  return {
    objects,
    confirmations,
    index: async () => current,
    load: async (ref) => {
      const key = registryKeys.template(ref.name, ref.version, ref.sha256);
      const bytes = get(key);
      const confirmed = confirmations.get(key);
      if (confirmed === false) throw unconfirmed(ref);
      return { ...(await evaluateAs(bytes, ref, key)), ...(confirmed === undefined && { unsigned: true }) };
    },
    change: async (change) => {
      current = change(current);
      return current;
    },
    settings: async ({ name, version, sha256 }) =>
      JSON.parse(new TextDecoder().decode(get(registryKeys.settings(name, version, sha256)))),
    put: async (ref, module, settings) => {
      putOnce(registryKeys.template(ref.name, ref.version, ref.sha256), module);
      putOnce(
        registryKeys.settings(ref.name, ref.version, ref.sha256),
        Buffer.from(JSON.stringify(settings)),
      );
    },
    confirmed: async ({ name, version, sha256 }) => {
      const key = registryKeys.template(name, version, sha256);
      return get(key) !== undefined && confirmations.get(key) !== false;
    },
    module: async ({ name, version, sha256 }) => get(registryKeys.template(name, version, sha256)),
    putSettings: async ({ name, version, sha256 }, settings) =>
      putOnce(registryKeys.settings(name, version, sha256), Buffer.from(JSON.stringify(settings))),
  };
}
