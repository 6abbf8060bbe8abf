/**
 * Chooses the release template by the artifact's content. All detection tables form one list of ranks. The
 * lowest rank with a file that a template accepts decides; if two templates accept at that rank, the uploader
 * has to choose.
 */

import { readTemplate, type TemplateDocument } from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { EntryRule, Evidence, Fit, LoadedTemplate } from "./template.ts";

/**
 * A sentence on the choice of the release template. `asked`: the traits or the estate name it. `fits` and `unfit`: a
 * template fits the artifact, or does not.
 */
export type ChoiceReason = { readonly kind: "asked" | "fits" | "unfit"; readonly sentence: string };

export type Chosen = {
  readonly loaded: LoadedTemplate;
  readonly evidence: Evidence;
  /** The reason of each template. */
  readonly reasons: readonly ChoiceReason[];
};

/** Answers the text of those of the files that are in the artifact. */
export type ReadFiles = (paths: readonly string[]) => Promise<ReadonlyMap<string, string>>;

type Claim = { readonly loaded: LoadedTemplate; readonly rule: EntryRule; readonly path: string };
type Verdict = Fit & { readonly loaded: LoadedTemplate; readonly evidence: Evidence };

/** Throws `NoTemplateFits` or `SeveralTemplatesFit`. */
export async function chooseTemplate(
  names: readonly string[],
  templates: readonly LoadedTemplate[],
  read: ReadFiles,
): Promise<Chosen> {
  const claims = templates.flatMap((loaded) => claimsOf(loaded, names));
  const ranks = [...new Set(claims.map(({ rule }) => rule.rank))].sort((a, b) => a - b);
  const verdicts: Verdict[] = [];
  const documents = documentsOnce();
  for (const rank of ranks) {
    const here = claims.filter(({ rule }) => rule.rank === rank);
    await read(here.filter(({ rule }) => !rule.presence).map(({ path }) => path)); // all at once
    const seen = await Promise.all(here.map((claim) => verdictOn(claim, names, read, documents)));
    verdicts.push(...seen);
    const fitting = seen.filter(({ fits }) => fits);
    const paths = [...new Set(fitting.map(({ evidence }) => evidence.path))];
    const [only, ...others] = fitting;
    if (only === undefined) continue;
    const reasons = reasonsOf(templates, verdicts);
    if (others.length === 0) return { loaded: only.loaded, evidence: only.evidence, reasons };
    const what =
      paths.length > 1 ? `The artifact has ${listed(paths)}, which fit equally.` : `${paths[0]} was read.`;
    throw new ReleaseError("SeveralTemplatesFit", `${what} ${fitting.map(sentence).join(" ")}`);
  }
  if (verdicts.length > 0) {
    const paths = [...new Set(verdicts.map(({ evidence }) => evidence.path))];
    const seen = `${listed(paths)} was looked at. ${verdicts.map(sentence).join(" ")}`;
    throw new ReleaseError("NoTemplateFits", seen);
  }
  throw new ReleaseError("NoTemplateFits", unknownFiles(names, templates));
}

/** The file patterns of all release templates are more than thirty, so the remedy of the error names their table. */
function unknownFiles(names: readonly string[], templates: readonly LoadedTemplate[]): string {
  if (templates.length === 0) return "There is no release template that this line may use.";
  if (names.length === 0) return "The artifact has no files.";
  const known = templates.map(({ template }) => template.name).join(", ");
  return `The artifact has ${listed(names)}. No release template knows one of these files. There are: ${known}.`;
}

/** The files to read first if the traits request no template. */
export function candidatePaths(
  names: readonly string[],
  templates: readonly LoadedTemplate[],
): readonly string[] {
  const claims = templates.flatMap((loaded) => claimsOf(loaded, names));
  const lowest = Math.min(...claims.map(({ rule }) => rule.rank));
  return claims.filter(({ rule }) => rule.rank === lowest && !rule.presence).map(({ path }) => path);
}

/** One claim for each file; where presence is enough, the first file stands for all. */
function claimsOf(loaded: LoadedTemplate, names: readonly string[]): readonly Claim[] {
  return loaded.template.entries.flatMap((rule) => {
    const paths = names.filter((name) => rule.matches.test(name)).sort();
    return (rule.presence ? paths.slice(0, 1) : paths).map((path) => ({ loaded, rule, path }));
  });
}

async function verdictOn(
  { loaded, rule, path }: Claim,
  names: readonly string[],
  read: ReadFiles,
  documents: (text: string, path: string) => TemplateDocument,
): Promise<Verdict> {
  const text = rule.presence ? "" : ((await read([path])).get(path) ?? "");
  const first: Evidence = { names, path, text, document: () => documents(text, path), files: new Map() };
  const { template } = loaded;
  const evidence = template.reads ? { ...first, files: await read(template.reads(first)) } : first;
  return { loaded, evidence, ...template.detect(evidence) };
}

/** Two templates that look at one file share its reading. */
function documentsOnce(): (text: string, path: string) => TemplateDocument {
  const known = new Map<string, TemplateDocument>();
  return (text, path) => {
    const document = known.get(path) ?? readTemplate(text, path);
    known.set(path, document);
    return document;
  };
}

function reasonsOf(
  templates: readonly LoadedTemplate[],
  verdicts: readonly Verdict[],
): readonly ChoiceReason[] {
  return templates.map((loaded) => {
    const own = verdicts.filter((verdict) => verdict.loaded === loaded);
    const best = own.find(({ fits }) => fits) ?? own[0];
    return best === undefined
      ? reasonOf({ loaded, fits: false, reason: `it looks for ${nouns([loaded])}.` })
      : reasonOf(best);
  });
}

/** The reason of one template. */
export const reasonOf = (verdict: Pick<Verdict, "loaded" | "fits" | "reason">): ChoiceReason => ({
  kind: verdict.fits ? "fits" : "unfit",
  sentence: sentence(verdict),
});

const sentence = ({ loaded, fits, reason }: Pick<Verdict, "loaded" | "fits" | "reason">): string =>
  `${loaded.template.name} ${fits ? "fits" : "does not fit"}: ${reason}`;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 10).map((name) => JSON.stringify(name));
  return names.length > 10 ? `${shown.join(", ")} and ${names.length - 10} more` : shown.join(", ");
}

const nouns = (templates: readonly LoadedTemplate[]): string =>
  [...new Set(templates.flatMap(({ template }) => template.entries.map(({ means }) => means)))].join(" or ");
