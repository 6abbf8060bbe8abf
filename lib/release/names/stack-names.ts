/**
 * The names of an application's stacks. A name has at most thirty characters, because templates derive further names
 * from it. The line's code comes first, then the environment.
 */

import { ReleaseError } from "#release/errors/errors.ts";
import { applicationPrefix } from "./deployed-names.ts";
import { base32, sha256 } from "./digest.ts";
import type { Line } from "./key.ts";
import { lineCode, lineName } from "./names.ts";

/**
 * `short`: at most thirty characters. `long`: the names that release templates before 1.1.0 give. A stack cannot be renamed
 * without a replacement of its resources, so a line keeps the names that it has.
 */
export type StackNaming = "short" | "long";

const longestName = 30;
const longestLongName = 128;
const longestEnvironment = 10;

/** Long names: no id of a stack and no line name contains two hyphens. */
const longSeparator = "--";

/**
 * The end of a short name of a further stack: the environment in four characters at most, and the id. It has
 * no two hyphens in a row, because names of databases may not have them.
 */
const furtherStack = /^([a-z0-9]{1,4})-([a-z2-7]{5})$/;

const digest = (text: string, length: number): string => base32(sha256(text), length);

/** An environment inside a stack's name: its own name, or the beginning of the name with a digest. */
const environmentText = (environment: string): string =>
  environment.length <= longestEnvironment && !/--|-$/.test(environment) && !furtherStack.test(environment)
    ? environment
    : `${environment.slice(0, 5).replaceAll("-", "x")}-${digest(environment, 4)}`;

/** The environment inside the name of a further stack, which also has room for an id. */
const shortText = (text: string): string => (/^[a-z0-9]{1,4}$/.test(text) ? text : digest(text, 4));

/** The texts that stand for an environment in the names of its stacks. */
export const environmentTexts = (environment: string): readonly string[] => {
  const text = environmentText(environment);
  return [text, shortText(text)];
};

/** The name of the first, or only, stack of the application in an environment. */
export const stackName = (environment: string, line: Line, id = ""): string =>
  memberName(`${applicationPrefix}${lineCode(line)}-${environmentText(environment)}`, id);

/** The name that release templates before 1.1.0 give the stack. */
export function longStackName(environment: string, line: Line, id = ""): string {
  const name = memberName(`${applicationPrefix}${environment}-${lineName(line)}`, id);
  if (name.length <= longestLongName) return name;
  const seen = `The stack name ${name} has ${name.length} characters; CloudFormation allows ${longestLongName}.`;
  throw new ReleaseError("NameTooLong", seen);
}

/** An environment as a release template sees it: without `stack`, the line has long names. */
type NamedEnvironment = { readonly environment: string; readonly stack?: string };

/** The name of one of the application's stacks in a target. */
export const appStackName = ({ environment, stack }: NamedEnvironment, line: Line, id = ""): string =>
  stack === undefined ? longStackName(environment, line, id) : memberName(stack, id);

type ShortName = {
  readonly code: string;
  /** The environment as it is in the name. */
  readonly environment: string;
  readonly isFirst: boolean;
};

/** Undefined for a long name, and for the name of a nested stack, which is longer than its parent's. */
function shortName(name: string): ShortName | undefined {
  if (name.length > longestName || !name.startsWith(applicationPrefix)) return undefined;
  const [, code = "", end = ""] =
    /^([a-z2-7]{9})-([a-z0-9-]+)$/.exec(name.slice(applicationPrefix.length)) ?? [];
  if (code === "") return undefined;
  const further = furtherStack.exec(end)?.[1];
  return { code, environment: further ?? end, isFirst: further === undefined };
}

/** The end of the name of a further stack, after the part that all stacks of the application have. */
export const memberEnding = (id: string, naming: StackNaming): string =>
  naming === "short" ? `-${digest(id, 5)}` : longSeparator + id;

/** The beginning of the names of all further stacks, given the name of the first. */
function applicationOf(first: string): string {
  const short = shortName(first);
  return short === undefined ? first : `${applicationPrefix}${short.code}-${shortText(short.environment)}`;
}

/** The name of one of an application's stacks, given that of its first. */
export const memberName = (first: string, id: string): string =>
  id === ""
    ? first
    : applicationOf(first) + memberEnding(id, shortName(first) === undefined ? "long" : "short");

/** True for the first stack of an application and for its further stacks, not for stacks nested in them. */
export function isStackOf(name: string, first: string): boolean {
  if (name === first) return true;
  const [own, other] = [shortName(first), shortName(name)];
  if (own === undefined) return /^[a-z0-9-]+$/.test(name) && name.startsWith(first + longSeparator);
  return (
    other?.isFirst === false && other.code === own.code && other.environment === shortText(own.environment)
  );
}

/**
 * The lines that an application stack's name can belong to, given the environments it may be of: the line's code
 * from a short name, line names from a long name. With `prod` and `prod-eu` a long name can be read in two ways, and
 * only one of the names is a line's.
 */
export function linesOfStackName(name: string, environments: readonly string[]): readonly string[] {
  const short = shortName(name);
  if (short !== undefined) {
    const own = environments.map(environmentText);
    const texts = short.isFirst ? own : own.map(shortText);
    return texts.includes(short.environment) ? [short.code] : [];
  }
  return environments
    .map((environment) => `${applicationPrefix}${environment}-`)
    .filter((prefix) => name.startsWith(prefix))
    .map((prefix) => name.slice(prefix.length).split(longSeparator)[0] ?? "");
}
