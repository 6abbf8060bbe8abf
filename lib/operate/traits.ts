/** Checks the traits of an artifact and explains them; writes the contents of traits files to start from. */
import { ReleaseError } from "#release/errors/errors.ts";
import type { Estate } from "#release/estate/estate.ts";
import { type StarterFile, starterFiles } from "#release/line/traits-starter.ts";
import type { Line } from "#release/names/key.ts";
import { type Inspection, inspectArtifact } from "#release/template/inspect.ts";
import { checkSettings } from "#release/template/settings-check.ts";
import type { LoadedTemplate, ReleaseTemplate } from "#release/template/template.ts";
import { anchorOf, environmentNames, environmentsFor, type Reach } from "#release/traits/targets.ts";
import { defaultLimits } from "#release/zip/limits.ts";
import type { RangeReader } from "#release/zip/range-reader.ts";

type Artifact = { readonly reader: RangeReader; readonly templates: readonly LoadedTemplate[] };

type TraitsOrder = Artifact & {
  /** Without an estate, only the traits themselves are checked and no environments. */
  readonly within?: { readonly estate: Estate; readonly line: Line } | undefined;
};

export type TraitsCheck = { readonly inspection: Inspection; readonly reach: Reach | undefined };

/** Throws the `ReleaseError` that an upload would be rejected with, an empty reach excepted. */
export async function checkTraits({ within, ...artifact }: TraitsOrder): Promise<TraitsCheck> {
  const anchor = within && anchorOf(within.estate, within.line);
  const inspection = await inspectArtifact({
    ...artifact,
    limits: within?.estate.limits ?? defaultLimits,
    ...(anchor && { environments: environmentNames(anchor) }),
    ...(within && { defaults: within.estate.defaults.templates }),
  });
  const { manifest, template, settings } = inspection;
  const everywhere = [{ names: [] }];
  checkSettings(template.template, manifest.traits, anchor?.environments ?? everywhere, settings);
  const reach = within && environmentsFor(within.estate, within.line, manifest.traits);
  return { inspection, reach };
}

type TraitsStarter = {
  readonly files: readonly StarterFile[];
  /** The reason for this release template, or for none. */
  readonly why: string;
};

/** The files name no release template when the artifact fits none or several. */
export async function traitsToStartFrom({ reader, templates }: Artifact): Promise<TraitsStarter> {
  const { template, why } = await detect({ reader, templates });
  const files = starterFiles(
    templates.map((each) => each.template),
    template,
  );
  return { files, why };
}

type Detected = { readonly template?: ReleaseTemplate; readonly why: string };

async function detect(artifact: Artifact): Promise<Detected> {
  try {
    const { template, reasons } = await inspectArtifact({ ...artifact, limits: defaultLimits });
    const why = reasons.find(({ kind }) => kind === "fits")?.sentence ?? "";
    return { template: template.template, why };
  } catch (error) {
    if (!(error instanceof ReleaseError) || !/^(NoTemplateFits|SeveralTemplatesFit)$/.test(error.code))
      throw error;
    return { why: `${error.message} Name the release template in .traits/build.yml.` };
  }
}
