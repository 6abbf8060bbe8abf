/** Outside of the estate there is nobody to let in. */
import type { Invariant } from "./invariant.ts";

export const noStrangers: Invariant = {
  name: "no-strangers",
  sentence: "Nobody outside of the estate reaches anything: no account, and nobody without credentials.",
  objection: ({ actor, place }) =>
    actor.kind === "stranger" && !place.open ? "nobody outside of the estate is let in" : undefined,
};
