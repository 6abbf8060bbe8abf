/**
 * The release document (`release.json`): everything later stages need to know of one version of a line. It travels in
 * the release bundle; the artifact itself is named, not contained.
 */

import type { Manifest } from "#release/artifact/manifest.ts";
import type { Line } from "#release/names/key.ts";
import type { Target } from "#release/traits/targets.ts";
import type { TemplateRef } from "./plan.ts";

/** One version of an uploaded object. `etag` has no quotes. */
export type ArtifactRef = {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
  readonly size: number;
  readonly etag: string;
};

export type Release = {
  readonly schema: 1;
  readonly line: Line;
  readonly artifact: ArtifactRef;
  readonly template: TemplateRef;
  readonly manifest: Manifest;
  readonly targets: readonly Target[];
  /** Parameter values of the estate, by environment; for stacks that declare them. */
  readonly provided: Readonly<Record<string, Readonly<Record<string, string>>>>;
};
