/** The registry of release templates in memory. It evaluates modules as the real one does. */
import { evaluateAs } from "#aws/template-module.ts";
import type { WritableTemplateRegistry } from "#ports/template-registry.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { registryKeys } from "#release/names/registry-keys.ts";
import { emptyIndex, type TemplateIndex } from "#release/template/template-index.ts";

type MemoryTemplateRegistry = WritableTemplateRegistry & {
  /** The objects by key. A test may overwrite one, as an intruder would. */
  readonly objects: Map<string, Uint8Array>;
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
  return {
    objects,
    index: async () => current,
    load: async (ref) => {
      const key = registryKeys.template(ref.name, ref.version, ref.sha256);
      return evaluateAs(get(key), ref, key);
    },
    change: async (change) => {
      current = change(current);
      return current;
    },
    settings: async ({ name, version, sha256 }) =>
      JSON.parse(new TextDecoder().decode(get(registryKeys.settings(name, version, sha256)))),
    put: async ({ name, version, sha256 }, module, settings) => {
      putOnce(registryKeys.template(name, version, sha256), module);
      putOnce(registryKeys.settings(name, version, sha256), Buffer.from(JSON.stringify(settings)));
    },
  };
}
