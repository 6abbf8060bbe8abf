/**
 * The release templates a line may be released with, each in the version it has for this line. One that cannot be loaded
 * stops only the lines that need it.
 */

import type { TemplateRegistry } from "#ports/template-registry.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { Estate } from "#release/estate/estate.ts";
import type { Line } from "#release/names/key.ts";
import type { TemplateRef } from "#release/plan/plan.ts";
import type { TemplateOffer } from "#release/template/select-template.ts";
import type { LoadedTemplate } from "#release/template/template.ts";
import { furtherVersions, versionFor } from "#release/template/template-choice.ts";

type AvailableTemplates = {
  readonly loaded: readonly LoadedTemplate[];
  /** Why others could not be loaded. */
  readonly failures: readonly ReleaseError[];
  /** What a constraint of the line's traits may choose from besides; nothing where the estate has chosen. */
  readonly further: NonNullable<TemplateOffer["further"]>;
};

/** Throws what keeps the line's own template from being loaded, and whatever is no matter of one template. */
export async function loadTemplates(
  registry: TemplateRegistry,
  { estate, line, own }: { readonly estate: Estate; readonly line: Line; readonly own?: TemplateRef },
): Promise<AvailableTemplates> {
  const index = await registry.index();
  const names = new Set([...index.templates.map(({ name }) => name), ...(own ? [own.name] : [])]);
  const refs = [...names].flatMap((name) => {
    const mine = own?.name === name ? { own } : {};
    return versionFor({ index, estate, line, name, ...mine }) ?? [];
  });
  const failures: ReleaseError[] = [];
  const loaded = await Promise.all(
    refs.map(async (ref) => {
      try {
        return await registry.load(ref);
      } catch (error) {
        if (!(error instanceof ReleaseError) || ref.name === own?.name) throw error;
        failures.push(error);
        return undefined;
      }
    }),
  );
  const versions = (name: string) => furtherVersions({ index, estate, line, name });
  return {
    loaded: loaded.filter((each) => each !== undefined),
    failures,
    further: { versions, load: registry.load },
  };
}
