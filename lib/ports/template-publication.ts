/** The port to published modules of release templates and their proposals. Only `kedge-publish` writes modules. */
import type { Signer } from "#release/names/signer.ts";
import type { TemplateRef } from "#release/plan/plan.ts";

/** It stays with the module. */
export type ModuleRecord = {
  /** Enough people have signed the module, so readers may run it. */
  readonly confirmed: boolean;
  /** Ids of the people who signed it. */
  readonly people: readonly string[];
};

export type TemplatePublication = {
  /** Undefined for a module that is not published. A module of an earlier Kedge has no record and is confirmed. */
  readonly record: (ref: TemplateRef) => Promise<ModuleRecord | undefined>;
  /** The people who wrote a proposal with this name, version and digest in its key. */
  readonly signers: (ref: TemplateRef) => Promise<readonly Signer[]>;
  readonly proposal: (ref: TemplateRef, signer: Signer) => Promise<Uint8Array>;
  /** A module that is not confirmed never replaces another one. */
  readonly write: (ref: TemplateRef, module: Uint8Array, record: ModuleRecord) => Promise<void>;
};
