/**
 * Every name AWS sees that is derived from a release line. Readable at a glance, yet distinct for distinct lines: the
 * slug is for people, the hash of the exact line is for AWS.
 */

import { applicationPrefix, folders, ledgers, pipelinePrefix } from "./deployed-names.ts";
import { base32, sha256 } from "./digest.ts";
import type { Line } from "./key.ts";

const digestLength = 12;

/** CodePipeline cuts the pipeline's name to this length in the keys of artifacts. */
const folderLength = 20;

/**
 * Characters of a line's digest that fit into CodePipeline's folder, so that no other line has the same
 * folder. They are 45 bits; a line's record reserves them.
 */
const codeLength = folderLength - pipelinePrefix.length;

const digestOf = (line: Line): string =>
  base32(sha256(JSON.stringify([line.account, line.app, line.branch])), digestLength);

const slugsOf = (line: Line): string => `${slug(line.app, 20, "app")}-${slug(line.branch, 24, "branch")}`;

/** At most 58 characters of `[a-z0-9-]`, beginning with a letter. */
export const lineName = (line: Line): string => `${slugsOf(line)}-${digestOf(line)}`;

/** The first characters of the line's digest, which are in the names of its pipeline and of its stacks. */
export const lineCode = (line: Line): string => digestOf(line).slice(0, codeLength);

export const codeOfLineName = (name: string): string => name.slice(-digestLength).slice(0, codeLength);

export const isLineCode = (text: string): boolean => /^[a-z2-7]{9}$/.test(text);

/** No slug and no digest contains two hyphens, so the digest before them is whole. */
const pipelineSeparator = "--";

/**
 * The pipeline, and the stack that holds it, in the anchor account. The digest comes first, because
 * CodePipeline's folders keep the first twenty characters only.
 */
export const pipelineName = (line: Line): string =>
  `${pipelinePrefix}${digestOf(line)}${pipelineSeparator}${slugsOf(line)}`;

/** The name that release templates before 1.1.0 give the pipeline. */
export const formerPipelineName = (line: Line): string => `${pipelinePrefix}${lineName(line)}`;

/** The CodeBuild project of a line's smoke tests, and its role, in the anchor account. */
export const smokeBuildName = (line: Line): string => `${applicationPrefix}${lineCode(line)}-smoke`;

/** The folder of a pipeline's artifacts in the cache. */
export const artifactFolder = (pipeline: string): string => pipeline.slice(0, folderLength);

/** The code of the line that an artifact folder belongs to, if the folder is of a pipeline named by its digest. */
export const codeOfFolder = (folder: string): string | undefined => {
  const rest = folder.startsWith(pipelinePrefix) ? folder.slice(pipelinePrefix.length) : "";
  return isLineCode(rest) ? rest : undefined;
};

/**
 * True for a complete line name. CodePipeline shortens names in its keys, and a shortened name may belong to
 * several lines.
 */
export const isLineName = (name: string): boolean => /^[a-z][a-z0-9-]*-[a-z2-7]{12}$/.test(name);

/** The line name inside a pipeline's (or pipeline stack's) name; undefined when the name is not one of ours. */
export function lineNameOfPipeline(name: string): string | undefined {
  const rest = name.startsWith(pipelinePrefix) ? name.slice(pipelinePrefix.length) : "";
  const [digest = "", slugs] = rest.split(pipelineSeparator);
  const line = slugs === undefined ? rest : `${slugs}-${digest}`;
  return isLineName(line) ? line : undefined;
}

/** Parameters of an environment that record an application's migrations, for all of its branches. */
export const ledgerPath = (environment: string, { account, app }: Line): string =>
  `/${ledgers}${environment}/${slug(app, 20, "app")}-${base32(sha256(JSON.stringify([account, app])), 12)}`;

/** The change set of an execution: no other execution makes one of this name. */
export const changeSetName = (execution: string): string => `kedge-${execution}`;

/** The review of an environment in the artifact bucket, without its ending. */
export const reviewKey = (of: {
  readonly account: string;
  /** The first stack of the application in the environment. */
  readonly stack: string;
  readonly versionId: string;
  /** Of the clearance: a stage that runs again gets a review of its own. */
  readonly digest: string;
}): string => `${folders.reviews}${of.account}/${of.stack}/${of.versionId}-${of.digest.slice(0, 16)}`;

/** Keys in the anchor's cache bucket. */
export const cacheKeys = {
  line: (name: string): string => `${folders.lines}${name}/line.json`,
  bundle: (name: string): string => `${folders.lines}${name}/release.zip`,
  folder: (name: string): string => `${folders.lines}${name}/`,
  /** The record that reserves the names of a line, by the line's code. It lies beside the folders of lines. */
  record: (code: string): string => `${folders.lines}${code}.json`,
  lines: folders.lines,
  asset: (sha256Hex: string, extension = ""): string => `${folders.assets}${sha256Hex}${extension}`,
} as const;

/** CodePipeline's artifacts; their names may not contain dots. */
export const artifactNames = {
  release: "Release",
  packaged: "Packaged",
  prepared: (environment: string): string => `Prepared_${environment}`,
  /** Release templates before 1.1.0 have `SmokeInput_`, which the role that their lines share reads. */
  smokeInput: (environment: string): string => `Smoke_${environment}`,
  /** A build knows it by a variable of the name, which takes no hyphens. */
  plan: (environment: string): string => `Plan_${environment.replace(/[^A-Za-z0-9]/g, "_")}`,
} as const;

/** The variable namespace of an environment's `Execute` action; namespaces may not equal artifact names. */
export const outputsNamespace = (environment: string): string => `${environment}-outputs`;
export const packageNamespace = "package";
/** The variable namespaces of the actions that plan, and that read the plan. */
export const planNamespace = (environment: string): string => `${environment}-plan`;
export const readPlanNamespace = (environment: string): string => `${environment}-planned`;
/** The variable namespace of an environment's `Prepare` action. */
export const preparedNamespace = (environment: string): string => `${environment}-prepared`;

/**
 * Only letters whose decomposition can never change: these blocks are full, so later Unicode versions add no
 * letter to them. Stacks bear these names, so a name must be the same in every version of the runtime.
 */
const outside = /[^\0-\u036f\u1e00-\u1eff\uff01-\uff5e]/g;

function slug(text: string, longest: number, otherwise: string): string {
  const plain = text
    .replace(outside, "-")
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, "")
    .replaceAll("ß", "ss")
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, longest)
    .replace(/^-+|-+$/g, "");
  if (plain === "") return otherwise;
  return /^[a-z]/.test(plain) ? plain : `${otherwise[0]}${plain}`.slice(0, longest).replace(/-+$/, "");
}
