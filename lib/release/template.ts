/**
 * The contract of a release template: a table that says which file of an artifact it wants to see, a verdict on that
 * file, and a pure function to a plan.
 */
import type { Line } from "./key.ts";
import type { Manifest } from "./manifest.ts";
import type { Plan, TemplateRef } from "./plan.ts";
import type { Target } from "./targets.ts";
import type { TemplateDocument } from "./template-document.ts";

/** A row of a detection table: the lowest rank found in the artifact wins, over all release templates. */
export type EntryRule = {
  readonly matches: RegExp;
  readonly rank: number;
  /** A noun phrase for people, e.g. "the output of sam build". */
  readonly means: string;
};

/** What a verdict is based on: the zip's names, and the one entry that was read. */
export type Evidence = {
  readonly names: readonly string[];
  readonly path: string;
  readonly document: TemplateDocument;
};

export type Fit = { readonly fits: boolean; readonly reason: string };

export type PlanSettings = {
  /** The anchor's region. */
  readonly region: string;
  /** The anchor's cache bucket. */
  readonly cacheBucket: string;
};

export type PlanRequest = {
  readonly line: Line;
  readonly manifest: Manifest;
  readonly targets: readonly Target[];
  readonly settings: PlanSettings;
  /** The published identity of the template that plans. */
  readonly template: TemplateRef;
};

export type ReleaseTemplate = {
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  readonly entries: readonly EntryRule[];
  readonly detect: (evidence: Evidence) => Fit;
  readonly plan: (request: PlanRequest) => Plan;
};

/** A release template as loaded from the registry, with the digest it was published under. */
export type LoadedTemplate = { readonly template: ReleaseTemplate; readonly ref: TemplateRef };
