/** Names of the documents in what Package and Prepare hand on. Files of the artifact stand below `files/`. */
import { preparedFiles } from "#release/plan/plan-stacks.ts";

export const documents = {
  release: "release.json",
  digest: "digest.txt",
  /** The stacks in their order: `{id, level}`. */
  stacks: "stacks.json",
  template: preparedFiles.template,
  config: preparedFiles.configuration,
  buildspec: "buildspec.yml",
  parameters: (environment: string): string => `parameters/${environment}.json`,
  file: (path: string): string => `files/${path}`,
} as const;

export const filesFolder = "files/";
