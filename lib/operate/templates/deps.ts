/** The ports that the use cases of release templates need of the central account. */
import type { Artifacts } from "#ports/artifacts.ts";
import type { Clock, Wait } from "#ports/clock.ts";
import type { EstateFile } from "#ports/estate-file.ts";
import type { IntakeQueue } from "#ports/intake-queue.ts";
import type { Results } from "#ports/results.ts";
import type { TemplateFolders } from "#ports/template-folders.ts";
import type { TemplateRegistry, WritableTemplateRegistry } from "#ports/template-registry.ts";

export type RegistryDeps = { readonly registry: WritableTemplateRegistry };

export type CandidateDeps = {
  readonly registry: TemplateRegistry;
  readonly folders: TemplateFolders;
};

export type LinesDeps = {
  readonly estate: EstateFile;
  readonly artifacts: Pick<Artifacts, "uploads" | "newest" | "reader">;
  readonly results: Pick<Results, "read">;
};

export type MoveDeps = RegistryDeps & LinesDeps & { readonly intake: IntakeQueue };

export type RolloutDeps = MoveDeps & { readonly clock: Clock; readonly wait: Wait };
