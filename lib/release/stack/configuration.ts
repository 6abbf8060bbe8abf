/**
 * The configuration of an environment: the parameters of each stack, and files made for this environment
 * alone.
 */

import { isObject, type PlainObject, type TemplateDocument } from "#release/document/template-document.ts";
import type { Release } from "#release/plan/release.ts";
import type { Target } from "#release/traits/targets.ts";
import type { AssembledStack } from "./assembly.ts";
import type { Parameters } from "./parameters.ts";

export type ConfigurationRequest = {
  readonly release: Release;
  readonly target: Target;
  /** Given by the estate, the artifact and its traits; every reference is resolved. */
  readonly parameters: Parameters;
  /**
   * Values from the traits for this environment. References are resolved, except those under `secrets`: Kedge
   * never reads a secret.
   */
  readonly settings: PlainObject;
  readonly stacks: readonly AssembledStack[];
  /** Outputs of the deployed stacks, by the stack's id. A stack that does not exist has none. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The digest of the artifact. The target can read the asset of that name. */
  readonly digest: string;
  /**
   * The versions of the release's assets in the environment's region, by key. An anchor that is not upgraded yet
   * gives none.
   */
  readonly assetVersions?: Readonly<Record<string, string>>;
};

export type Configuration = {
  /** Parameter values by configuration: the stack's id, or a name of the template's own for a later step of it. */
  readonly values: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Templates made for this environment alone, by the stack's id; they take the place of the assembly's. */
  readonly documents?: Readonly<Record<string, TemplateDocument>>;
  /** Files for later actions, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Variables of the action's namespace. */
  readonly variables?: Readonly<Record<string, string>>;
};

/**
 * The names of a stack's configurations: its own, and those of its later steps. Only a single stack has later
 * steps.
 */
export const configurationsOf = (
  id: string,
  stacks: readonly Pick<AssembledStack, "id">[],
  values: Configuration["values"],
): readonly string[] =>
  Object.keys(values).filter(
    (name) => name === id || (id === "" && stacks.every((stack) => stack.id !== name)),
  );

/** Gives each stack the values that its template declares. */
export const declaredValues = ({ parameters, stacks }: ConfigurationRequest): Configuration => ({
  values: Object.fromEntries(stacks.map(({ id, document }) => [id, valuesFor(document, parameters.values)])),
});

export function valuesFor(
  document: TemplateDocument,
  values: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const declared = isObject(document["Parameters"]) ? document["Parameters"] : {};
  return Object.fromEntries(Object.entries(values).filter(([name]) => Object.hasOwn(declared, name)));
}
