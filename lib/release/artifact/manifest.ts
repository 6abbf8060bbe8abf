/**
 * What Kedge learnt of an artifact by reading its directory and a few of its files. It depends on the artifact's shape,
 * not on its version: equal shapes give equal plans.
 */

import type { PlainObject } from "#release/document/template-document.ts";
import type { Traits } from "#release/traits/traits.ts";

/** CloudFormation's acknowledgements; every application stack is deployed with those its template may need. */
export type Capability = "CAPABILITY_IAM" | "CAPABILITY_NAMED_IAM" | "CAPABILITY_AUTO_EXPAND";

/** How the artifact wants to be tested after each environment. Paths are those of the zip. */
export type Smoke =
  | { readonly kind: "none" }
  | { readonly kind: "script"; readonly path: string }
  | { readonly kind: "buildspec"; readonly path: string };

export type ParameterFiles = {
  /** For every environment. */
  readonly shared?: string;
  /** By a name of the environment; the general ones first, each wins over what came before. */
  readonly byEnvironment: Readonly<Record<string, string>>;
};

export type Manifest = {
  /** The file the release template was chosen by: a path in the zip. */
  readonly entry: string;
  readonly parameters: ParameterFiles;
  readonly smoke: Smoke;
  readonly capabilities: readonly Capability[];
  /** What the release template found besides. */
  readonly facts: PlainObject;
  readonly traits: Traits;
};
/** What the plan depends on of an artifact's shape; JSON. */
export type Facts = PlainObject;

export type Described = { readonly capabilities?: readonly Capability[]; readonly facts?: Facts };
