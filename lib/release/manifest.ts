/**
 * What Kedge learnt of an artifact by reading its directory and its template. It depends on the artifact's shape, not
 * on its version: equal shapes give equal plans.
 */

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
  /** By environment name; wins over `shared`. */
  readonly byEnvironment: Readonly<Record<string, string>>;
};

export type Manifest = {
  /** The template's path in the zip. References in it are relative to its folder. */
  readonly template: string;
  /** `AWS::Serverless-…` is among the template's transforms. */
  readonly serverless: boolean;
  readonly parameters: ParameterFiles;
  readonly smoke: Smoke;
  readonly capabilities: readonly Capability[];
};
