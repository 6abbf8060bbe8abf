/**
 * Names the documents in the output artifacts of Package and Prepare. Files of the artifact are below
 * `files/`.
 */
import { preparedFiles } from "#release/plan/plan-stacks.ts";

export const documents = {
  release: "release.json",
  digest: "digest.txt",
  /** The records of the assets that templates name. */
  parts: "parts.json",
  /** The contexts of the rules about templates, one for each environment, and the findings of the action. */
  rules: "rules.json",
  findings: "findings.json",
  /** The digest of the estate whose rules the release was packaged under. */
  policy: "policy.txt",
  /** `none` if nested templates handle no secrets. The preparation of an environment does not read them. */
  secrets: "secrets.txt",
  /** The stacks in their order: `{id, level}`. */
  stacks: "stacks.json",
  template: preparedFiles.template,
  config: preparedFiles.configuration,
  /** The values of the parameter store that an approval clears. */
  settings: "settings.json",
  /** Values that a gated environment needs after its change sets are made. */
  gate: "gate.json",
  buildspec: "buildspec.yml",
  parameters: (environment: string): string => `parameters/${environment}.json`,
  file: (path: string): string => `files/${path}`,
} as const;

export const filesFolder = "files/";
