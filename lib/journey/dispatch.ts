/**
 * Plans the release of an artifact with the line's release template, or selects a template for a new line. It
 * reads only the documents that the plan needs.
 */

import type { Artifacts } from "#ports/artifacts.ts";
import type { LineCache } from "#ports/line-cache.ts";
import type { TemplateRegistry } from "#ports/template-registry.ts";
import { isRejection, ReleaseError } from "#release/errors/errors.ts";
import type { Estate } from "#release/estate/estate.ts";
import type { ArtifactNow } from "#release/line/observation.ts";
import type { Line } from "#release/names/key.ts";
import type { TemplateRef } from "#release/plan/plan.ts";
import type { Dispatch } from "#release/template/dispatch.ts";
import { planArtifact } from "#release/template/plan-artifact.ts";
import { namingOf } from "./line-record.ts";
import { loadTemplates } from "./load-templates.ts";

export type DispatchDeps = {
  readonly artifacts: Pick<Artifacts, "reader">;
  readonly registry: TemplateRegistry;
  readonly cache: Pick<LineCache, "get">;
};

type DispatchRequest = {
  readonly estate: Estate;
  readonly line: Line;
  readonly artifact: ArtifactNow;
  /** The release template of the line's pipeline. */
  readonly pinned?: TemplateRef;
  readonly hasPipeline: boolean;
};

/** Returns a rejection of the artifact as a value. Throws every error that a retry may fix. */
export async function dispatch(deps: DispatchDeps, request: DispatchRequest): Promise<Dispatch> {
  const { estate, line, artifact, pinned, hasPipeline } = request;
  try {
    const naming = await namingOf(deps.cache, line, hasPipeline);
    const own = pinned === undefined ? {} : { own: pinned };
    const { loaded, failures, further } = await loadTemplates(deps.registry, { estate, line, ...own });
    const { planned } = await planArtifact({
      ...{ estate, line, artifact, further },
      ...(naming && { naming }),
      reader: deps.artifacts.reader(artifact),
      templates: loaded,
    }).catch((error: unknown) => {
      // A fitting template may have failed to load, so this failure is the better error.
      const fitsNone = error instanceof ReleaseError && error.code === "NoTemplateFits";
      throw fitsNone && failures[0] !== undefined ? failures[0] : error;
    });
    return planned;
  } catch (error) {
    if (isRejection(error)) return { ok: false, error };
    throw error;
  }
}
