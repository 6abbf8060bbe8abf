import type { Manifest } from "#release/artifact/manifest.ts";
import type { Line } from "#release/names/key.ts";
import type { Target } from "#release/traits/targets.ts";
import type { TemplateRef } from "./plan.ts";

/** The input of a release template's `plan`: the line, its manifest, its targets, and the names that the anchor adds. */
type PlanSettings = {
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
