/**
 * Every name AWS sees that is derived from a release line. Readable at a glance, yet distinct for distinct lines: the
 * slug is for people, the hash of the exact line is for AWS.
 */

import { ReleaseError } from "#release/errors/errors.ts";
import { applicationPrefix, folders, ledgers, pipelinePrefix } from "./deployed-names.ts";
import { base32, sha256 } from "./digest.ts";
import type { Line } from "./key.ts";

const longestStackName = 128;

/** At most 58 characters of `[a-z0-9-]`, beginning with a letter. */
export function lineName(line: Line): string {
  const exact = JSON.stringify([line.account, line.app, line.branch]);
  return `${slug(line.app, 20, "app")}-${slug(line.branch, 24, "branch")}-${base32(sha256(exact), 12)}`;
}

/** The pipeline, and the stack that holds it, in the anchor account. */
export const pipelineName = (line: Line): string => `${pipelinePrefix}${lineName(line)}`;

/**
 * Returns the name of the application's stack in the account of an environment. An application with several
 * stacks has an id for each.
 */
export function appStackName(environment: string, line: Line, id = ""): string {
  const name = memberName(`${applicationPrefix}${environment}-${lineName(line)}`, id);
  if (name.length > longestStackName) {
    throw new ReleaseError(
      "NameTooLong",
      `The stack name ${name} has ${name.length} characters; CloudFormation allows ${longestStackName}.`,
    );
  }
  return name;
}

/** No slug and no hash contains two hyphens, so the text before them is the line's name. */
const stackSeparator = "--";

/**
 * True for a complete line name. CodePipeline shortens names in its keys, and a shortened name may belong to
 * several lines.
 */
export const isLineName = (name: string): boolean => /^[a-z][a-z0-9-]*-[a-z2-7]{12}$/.test(name);

/** The line name inside a pipeline's (or pipeline stack's) name; undefined when the name is not one of ours. */
export function lineNameOfPipeline(name: string): string | undefined {
  const rest = name.startsWith(pipelinePrefix) ? name.slice(pipelinePrefix.length) : "";
  return isLineName(rest) ? rest : undefined;
}

/**
 * The line names an application stack's name can hold, given the environments it may be of: with `prod` and `prod-eu`
 * there may be two, and only one of them is a line's.
 */
export const lineNamesOfAppStack = (name: string, environments: readonly string[]): readonly string[] =>
  environments
    .map((environment) => `${applicationPrefix}${environment}-`)
    .filter((prefix) => name.startsWith(prefix))
    .map((prefix) => name.slice(prefix.length).split(stackSeparator)[0] ?? "");

/** The name of one of an application's stacks, given that of its first. */
export const memberName = (first: string, id: string): string =>
  id === "" ? first : `${first}${stackSeparator}${id}`;

/**
 * Returns the id of one of the application's stacks, given the name of the first; undefined for a stack of
 * another application.
 */
export const stackIdIn = (name: string, first: string): string | undefined =>
  name === first ? "" : name.startsWith(first + stackSeparator) ? name.slice(first.length + 2) : undefined;

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
  lines: folders.lines,
  asset: (sha256Hex: string, extension = ""): string => `${folders.assets}${sha256Hex}${extension}`,
} as const;

/** CodePipeline's artifacts; their names may not contain dots. */
export const artifactNames = {
  release: "Release",
  packaged: "Packaged",
  prepared: (environment: string): string => `Prepared_${environment}`,
  smokeInput: (environment: string): string => `SmokeInput_${environment}`,
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
