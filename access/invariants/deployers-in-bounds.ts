/** Who creates things for others creates what bears Kedge's names. */
import { roles } from "#anchor/names.ts";
import type { Invariant } from "./invariant.ts";

const deployers: ReadonlySet<string> = new Set([roles.launch, roles.pipelineStack]);

/** AWS names these itself, so no policy can tell ours from others. */
const unnamed: ReadonlySet<string> = new Set(["somebody's key"]);

export const deployersInBounds: Invariant = {
  name: "deployers-in-bounds",
  sentence:
    "The roles that create pipelines and products touch only what bears the names Kedge gives; keys are the exception, which AWS names.",
  objection: ({ actor, place }) =>
    deployers.has(actor.name) && place.kind.startsWith("somebody's ") && !unnamed.has(place.kind)
      ? "it is nothing of Kedge's"
      : undefined,
};
