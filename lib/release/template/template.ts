/**
 * The contract of a release template: a detection table of file names, a verdict on the detected file, and
 * pure functions that return the plan, the CloudFormation stacks, and the configuration of an environment.
 * Defaults are those of an artifact with one CloudFormation template.
 */

import type { Described } from "#release/artifact/manifest.ts";
import type { Shape } from "#release/document/shape.ts";
import type { PlainObject, TemplateDocument } from "#release/document/template-document.ts";
import type { Plan, TemplateRef } from "#release/plan/plan.ts";
import type { PlanRequest } from "#release/plan/plan-request.ts";
import type { Assembly, AssemblyRequest } from "#release/stack/assembly.ts";
import type { Configuration, ConfigurationRequest } from "#release/stack/configuration.ts";

/** A row of a detection table. Ranks are tried from the lowest on, over all release templates. */
export type EntryRule = {
  readonly matches: RegExp;
  readonly rank: number;
  /** A noun phrase for people, e.g. "the output of sam build". */
  readonly means: string;
  /** The file's being there says it all: it is not read, and of several any will do. */
  readonly presence?: true;
};

/** The evidence for a verdict: the names in the zip, and the files that were read. */
export type Evidence = {
  readonly names: readonly string[];
  readonly path: string;
  /** Of the file at `path`; empty where the rule asks for its presence only. */
  readonly text: string;
  /** The same as a CloudFormation template. Throws `TemplateMalformed`, naming the file and the line. */
  readonly document: () => TemplateDocument;
  /** The files that `reads` requested, by path. A file that does not exist is missing here. */
  readonly files: ReadonlyMap<string, string>;
};

export type Fit = { readonly fits: boolean; readonly reason: string };
/** The estate's addition to the evidence: the names of all environments of the anchor. */
type Surroundings = { readonly environments: readonly string[] };
/** The rollback of a bad version, and its typical duration. */
type Rollback = { readonly within: "seconds" | "minutes"; readonly by: string };

export type ReleaseTemplate = {
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  readonly rollback: Rollback;
  /** The shape of `settings` in the traits. Without it, a template takes no settings. */
  readonly settings?: Shape<PlainObject>;
  /** For settings that the traits do not have; references in them are resolved in the target. */
  readonly defaultSettings?: PlainObject;
  readonly entries: readonly EntryRule[];
  readonly detect: (evidence: Evidence) => Fit;
  /** Further files the verdict or the facts depend on. */
  readonly reads?: (evidence: Evidence) => readonly string[];
  /** Throws the `ReleaseError` that refuses the artifact. */
  readonly describe?: (evidence: Evidence, surroundings: Surroundings) => Described;
  readonly plan: (request: PlanRequest) => Plan;
  /** In the Package action, once for all environments. */
  readonly assemble?: (request: AssemblyRequest) => Promise<Assembly>;
  /** In the Prepare action of each environment. */
  readonly configure?: (request: ConfigurationRequest) => Configuration;
};

/** A release template as loaded from the registry, with the digest it was published under. */
export type LoadedTemplate = {
  readonly template: ReleaseTemplate;
  readonly ref: TemplateRef;
  /** An earlier Kedge published it, and counted no people. */
  readonly unsigned?: true;
};
