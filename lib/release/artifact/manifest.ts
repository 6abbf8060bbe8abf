/**
 * The manifest holds the facts that Kedge reads from an artifact's directory and from a few of its files. It
 * depends on the artifact's shape, not on its version: equal shapes give equal plans.
 */

import type { PlainObject } from "#release/document/template-document.ts";
import type { Traits } from "#release/traits/traits.ts";

/** CloudFormation's acknowledgements; every application stack is deployed with those its template may need. */
export type Capability = "CAPABILITY_IAM" | "CAPABILITY_NAMED_IAM" | "CAPABILITY_AUTO_EXPAND";

/** The smoke test that runs after each environment. Paths are paths in the zip. */
export type Smoke =
  | { readonly kind: "none" }
  | { readonly kind: "script"; readonly path: string }
  | { readonly kind: "buildspec"; readonly path: string };

export type ParameterFiles = {
  /** For every environment. */
  readonly shared?: string;
  /**
   * Files by a name of the environment. General names come first; each later file overrides the earlier ones.
   */
  readonly byEnvironment: Readonly<Record<string, string>>;
};

export type Manifest = {
  /** The file the release template was chosen by: a path in the zip. */
  readonly entry: string;
  readonly parameters: ParameterFiles;
  readonly smoke: Smoke;
  readonly capabilities: readonly Capability[];
  /** Further facts that the release template found. */
  readonly facts: PlainObject;
  readonly traits: Traits;
};
/** Facts about an artifact's shape on which the plan depends, as JSON. */
export type Facts = PlainObject;

export type Described = { readonly capabilities?: readonly Capability[]; readonly facts?: Facts };
