/** The port to the change sets of application stacks in the target accounts. */
import type { Capability } from "#release/artifact/manifest.ts";
import type { ChangeSet } from "#release/review/stack-change.ts";
import type { AccountInRegion } from "./target.ts";

export type ChangeSetRequest = {
  readonly stack: string;
  /** Unique for the execution. */
  readonly name: string;
  /** False also for a stack that has change sets only. */
  readonly exists: boolean;
  /** JSON text, or the URL of a template that is too large for a call. */
  readonly template: { readonly body: string } | { readonly url: string };
  /** True when the template has nested stacks. */
  readonly nested: boolean;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly capabilities: readonly Capability[];
};

/** The state of a stack. `changeSet` is the ARN of the change set that the stack executed last. */
export type StackNow = {
  readonly status: string;
  readonly changeSet?: string;
  readonly outputs: Readonly<Record<string, string>>;
};

export type ChangeSets = {
  /**
   * Begins a change set of a new or an existing stack, with the change sets of its nested stacks. The change set
   * replaces an earlier change set of the name, which an earlier run of the stage may have left.
   */
  readonly create: (target: AccountInRegion, request: ChangeSetRequest) => Promise<void>;
  /** All pages, with property values. Undefined when there is no such change set. */
  readonly describe: (target: AccountInRegion, stack: string, name: string) => Promise<ChangeSet | undefined>;
  /**
   * A template of the change set as CloudFormation keeps it, before transforms. Undefined when there is no such change set.
   * With the name of the stack, IAM knows the stack even when the change set is gone.
   */
  readonly template: (
    target: AccountInRegion,
    changeSet: string,
    stack?: string,
  ) => Promise<string | undefined>;
  /** The template that the stack has now; undefined when there is no stack. */
  readonly deployed: (target: AccountInRegion, stack: string) => Promise<string | undefined>;
  readonly execute: (target: AccountInRegion, changeSet: string, token: string) => Promise<void>;
  readonly stack: (target: AccountInRegion, stack: string) => Promise<StackNow | undefined>;
  readonly remove: (target: AccountInRegion, changeSet: string) => Promise<void>;
  /** Removes the change set of the name, if there is one. */
  readonly discard: (target: AccountInRegion, stack: string, name: string) => Promise<void>;
};
