/** Reads just enough of an artifact to plan its release, with the release template its line has or would get. */

import type { Artifacts } from "#ports/artifacts.ts";
import type { TemplateRegistry } from "#ports/template-registry.ts";
import { isRejection, ReleaseError } from "#release/errors/errors.ts";
import type { Estate } from "#release/estate/estate.ts";
import type { ArtifactNow } from "#release/line/observation.ts";
import type { Line } from "#release/names/key.ts";
import type { TemplateRef } from "#release/plan/plan.ts";
import type { Dispatch } from "#release/template/dispatch.ts";
import { planArtifact } from "#release/template/plan-artifact.ts";
import { loadTemplates } from "./load-templates.ts";

export type DispatchDeps = {
  readonly artifacts: Pick<Artifacts, "reader">;
  readonly registry: TemplateRegistry;
};

type DispatchRequest = {
  readonly estate: Estate;
  readonly line: Line;
  readonly artifact: ArtifactNow;
  /** The release template the line's pipeline was made with. */
  readonly pinned?: TemplateRef;
};

/** A refusal of the artifact is an answer; only what a retry may mend is thrown. */
export async function dispatch(deps: DispatchDeps, request: DispatchRequest): Promise<Dispatch> {
  const { estate, line, artifact, pinned } = request;
  try {
    const own = pinned === undefined ? {} : { own: pinned };
    const { loaded, failures, further } = await loadTemplates(deps.registry, { estate, line, ...own });
    const { planned } = await planArtifact({
      ...{ estate, line, artifact, further },
      reader: deps.artifacts.reader(artifact),
      templates: loaded,
    }).catch((error: unknown) => {
      // What fits may be what could not be loaded.
      const fitsNone = error instanceof ReleaseError && error.code === "NoTemplateFits";
      throw fitsNone && failures[0] !== undefined ? failures[0] : error;
    });
    return planned;
  } catch (error) {
    if (isRejection(error)) return { ok: false, error };
    throw error;
  }
}
