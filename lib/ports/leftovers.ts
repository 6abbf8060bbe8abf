/** The port that lists the resources of Kedge by a prefix of their names, and removes orphans. */
import type { AccountInRegion } from "./target.ts";

export type Leftovers = {
  /** Stacks that are not being deleted. */
  readonly pipelineStacks: (prefix: string) => Promise<readonly string[]>;
  readonly appStacks: (target: AccountInRegion, prefix: string) => Promise<readonly string[]>;
  readonly pipelines: (prefix: string) => Promise<readonly string[]>;
  /** Folders at the top of the cache, without their slash. */
  readonly cacheFolders: (prefix: string) => Promise<readonly string[]>;
  /** The keys of every `latest.json` of the account. */
  readonly results: (account: string) => AsyncIterable<string>;
  /** Removes a pipeline without a stack. */
  readonly removePipeline: (name: string) => Promise<void>;
  /** The results directly in this folder, which ends in a slash; earlier versions of them stay. */
  readonly removeResults: (folder: string) => Promise<void>;
};
