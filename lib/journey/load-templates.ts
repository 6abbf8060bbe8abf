/**
 * Loads the release templates that a line may use, each in the version for this line. A template that fails
 * to load stops only the lines that need it.
 */

import type { TemplateRegistry } from "#ports/template-registry.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { Estate } from "#release/estate/estate.ts";
import type { Line } from "#release/names/key.ts";
import type { TemplateRef } from "#release/plan/plan.ts";
import { furtherOffer } from "#release/template/further-versions.ts";
import type { TemplateOffer } from "#release/template/select-template.ts";
import type { LoadedTemplate } from "#release/template/template.ts";
import { versionFor } from "#release/template/template-choice.ts";
import { checkNotWithdrawn } from "#release/template/template-publish.ts";

type AvailableTemplates = {
  readonly loaded: readonly LoadedTemplate[];
  /** The errors of templates that failed to load. */
  readonly failures: readonly ReleaseError[];
  /**
   * Further versions that a constraint in the line's traits may select. There are none where the estate has
   * chosen the version.
   */
  readonly further: NonNullable<TemplateOffer["further"]>;
};

/**
 * Throws the error of the line's own template, and every error that does not belong to a single template.
 * `TemplateWithdrawn`: each version of the line's own template is withdrawn.
 */
export async function loadTemplates(
  registry: TemplateRegistry,
  { estate, line, own }: { readonly estate: Estate; readonly line: Line; readonly own?: TemplateRef },
): Promise<AvailableTemplates> {
  const index = await registry.index();
  const names = new Set([...index.templates.map(({ name }) => name), ...(own ? [own.name] : [])]);
  const refs = [...names].flatMap((name) => {
    const mine = own?.name === name ? { own } : {};
    const version = versionFor({ index, estate, line, name, ...mine });
    if (version === undefined && own?.name === name) checkNotWithdrawn(index, own);
    return version ?? [];
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
  return {
    loaded: loaded.filter((each) => each !== undefined),
    failures,
    further: furtherOffer({ index, estate, line }, registry.load),
  };
}
