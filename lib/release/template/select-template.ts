/**
 * Selects the release template of an artifact: first by the request in its traits, then by its content, then
 * by the estate's default for its family.
 */
import semver from "semver";
import { ReleaseError } from "#release/errors/errors.ts";
import type { TemplateRef } from "#release/plan/plan.ts";
import { formatTemplateRequest, templateRequestOf } from "#release/traits/template-request.ts";
import type { TemplateRequest, Traits } from "#release/traits/traits.ts";
import {
  type ChoiceReason,
  type Chosen,
  chooseTemplate,
  type ReadFiles,
  reasonOf,
} from "./choose-template.ts";
import type { Evidence, LoadedTemplate } from "./template.ts";
import type { Withdrawal } from "./template-index.ts";
import { withdrawnSentence } from "./withdrawn.ts";

export type TemplateOffer = {
  /** One version of each: the one the line has, or would get. */
  readonly templates: readonly LoadedTemplate[];
  /**
   * Further versions for the line. They are read only if the line's own version does not satisfy the traits'
   * constraint.
   */
  readonly further?: {
    readonly versions: (name: string) => readonly TemplateRef[];
    readonly load: (ref: TemplateRef) => Promise<LoadedTemplate>;
    /** A constraint that only these versions satisfy is rejected with the version to take. */
    readonly withdrawn?: (name: string) => readonly Withdrawal[];
    /** One version of each name whose versions are all withdrawn. */
    readonly lastWithdrawn?: readonly Withdrawal[];
  };
  /** The estate's: release templates, e.g. `sam@^1`, by pipeline type or family. */
  readonly defaults?: Readonly<Record<string, string>>;
};

type Wanted = {
  readonly request: TemplateRequest;
  readonly because: string;
  /** The estate asks, and not the traits: the uploader cannot choose another version. */
  readonly byEstate?: boolean;
};

/**
 * Throws the errors of `chooseTemplate`, `TemplateConstraintUnmet`, `TemplateWithdrawn`, `TemplateUnfit`, or a
 * defect of the request.
 */
export async function selectTemplate(
  names: readonly string[],
  offer: TemplateOffer,
  read: ReadFiles,
  traits: Traits,
): Promise<Chosen> {
  const wanted = wantedBy(traits, offer);
  if (wanted !== undefined) return byTemplateRequest(names, offer, read, wanted);
  try {
    return await chooseTemplate(names, offer.templates, read);
  } catch (error) {
    const family = templateRequestOf(offer.defaults?.[traits.family ?? ""]);
    if (!(error instanceof ReleaseError) || error.code !== "NoTemplateFits") throw error;
    if (family === undefined) throw namingWithdrawn(error, offer);
    const because = `The estate has ${formatTemplateRequest(family)} for the family ${traits.family}.`;
    return byTemplateRequest(names, offer, read, { request: family, because, byEstate: true });
  }
}

/**
 * Adds the names whose versions are all withdrawn, because the artifact may have fitted one. Their modules do not run: a
 * version may be withdrawn for a hole.
 */
function namingWithdrawn(error: ReleaseError, { further }: TemplateOffer): ReleaseError {
  const withdrawn = further?.lastWithdrawn ?? [];
  if (withdrawn.length === 0) return error;
  const sentences = withdrawn.map((each) => withdrawnSentence(each, undefined));
  const names = withdrawn.map(({ name }) => name).join(" or ");
  const ask = `If the artifact is for ${names}, ask the cloud team to publish a version.`;
  return new ReleaseError("NoTemplateFits", [error.message, ...sentences, ask].join(" "));
}

function wantedBy(
  { template, type }: Traits,
  { templates, further, defaults = {} }: TemplateOffer,
): Wanted | undefined {
  const withdrawn = (further?.lastWithdrawn ?? []).map(({ name }) => name);
  const own = [...templateNames(templates), ...withdrawn].find((name) => name === type);
  const byType = type === undefined ? undefined : templateRequestOf(defaults[type] ?? own);
  if (type !== undefined && byType === undefined && template === undefined) {
    const known = [...new Set([...Object.keys(defaults), ...templateNames(templates)])].join(", ");
    throw new ReleaseError("TraitsMalformed", `The traits' type is ${type}; there are ${known}.`);
  }
  if (template !== undefined && byType !== undefined && byType.name !== template.name) {
    const seen = `The traits' type ${type} is the release template ${byType.name}, but they ask for ${formatTemplateRequest(template)}.`;
    throw new ReleaseError("TraitsContradictory", seen);
  }
  if (template !== undefined)
    return { request: template, because: `The traits ask for ${formatTemplateRequest(template)}.` };
  const because = `The traits' type ${type} is ${byType && formatTemplateRequest(byType)}.`;
  return byType && { request: byType, because, byEstate: true };
}

const templateNames = (templates: readonly LoadedTemplate[]): readonly string[] =>
  templates.map(({ template }) => template.name);

async function byTemplateRequest(
  names: readonly string[],
  offer: TemplateOffer,
  read: ReadFiles,
  wanted: Wanted,
): Promise<Chosen> {
  const loaded = await versionFor(offer, wanted);
  if (loaded.template.entries.length === 0) return unseen(names, loaded, wanted);
  try {
    const chosen = await chooseTemplate(names, [loaded], read);
    return { ...chosen, reasons: [asked(wanted), ...chosen.reasons] };
  } catch (error) {
    if (!(error instanceof ReleaseError) || error.code !== "NoTemplateFits") throw error;
    throw new ReleaseError("TemplateUnfit", `${wanted.because} ${error.message}`, error);
  }
}

/** The version the line has where it is allowed, else the newest that is. */
async function versionFor(offer: TemplateOffer, wanted: Wanted): Promise<LoadedTemplate> {
  const { request, because } = wanted;
  const { name, range = "*" } = request;
  const own = offer.templates.filter(({ template }) => template.name === name);
  const withdrawn = offer.further?.withdrawn?.(name).find((each) => semver.satisfies(each.version, range));
  if (own.length === 0 && withdrawn !== undefined)
    throw new ReleaseError("TemplateWithdrawn", `${because} ${withdrawnSentence(withdrawn, undefined)}`);
  if (own.length === 0) {
    // Versions without a current one wait for a second person: loading one says so.
    const [waiting] = (offer.further?.versions(name) ?? []).filter(({ version }) =>
      semver.satisfies(version, range),
    );
    if (waiting !== undefined && offer.further !== undefined) return offer.further.load(waiting);
    const seen = `${because} There is no such release template; there are ${templateNames(offer.templates).join(", ")}.`;
    throw new ReleaseError("TemplateConstraintUnmet", seen);
  }
  const first = own.find(({ template }) => semver.satisfies(template.version, range));
  if (first !== undefined) return first;
  const others = offer.further?.versions(name) ?? [];
  const [newest] = others
    .filter(({ version }) => semver.satisfies(version, range))
    .toSorted((a, b) => semver.rcompare(a.version, b.version));
  if (newest !== undefined && offer.further !== undefined) return offer.further.load(newest);
  const instead = own[0];
  if (withdrawn !== undefined && instead !== undefined) {
    if (wanted.byEstate) return instead;
    const seen = `${because} ${withdrawnSentence(withdrawn, instead.ref)}`;
    throw new ReleaseError("TemplateWithdrawn", seen);
  }
  const versions = new Set([
    ...own.map(({ template }) => template.version),
    ...others.map((ref) => ref.version),
  ]);
  const seen = `${because} The versions of ${name} are ${[...versions].toSorted(semver.compare).join(", ")}.`;
  throw new ReleaseError("TemplateConstraintUnmet", seen);
}

/** A template that looks at no file can only be asked for. */
function unseen(names: readonly string[], loaded: LoadedTemplate, wanted: Wanted): Chosen {
  const document = (): never => {
    throw new ReleaseError(
      "TemplateFailed",
      `${loaded.template.name} asks for a document it does not look for.`,
    );
  };
  const evidence: Evidence = { names, path: "", text: "", document, files: new Map() };
  const { fits, reason } = loaded.template.detect(evidence);
  if (!fits) throw new ReleaseError("TemplateUnfit", `${wanted.because} ${reason}`);
  return { loaded, evidence, reasons: [asked(wanted), reasonOf({ loaded, fits, reason })] };
}

const asked = ({ because }: Wanted): ChoiceReason => ({ kind: "asked", sentence: because });
