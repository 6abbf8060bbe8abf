/**
 * Lists the roles that hold each capability according to the analysis; the check compares them with the
 * holders by design.
 */
import { type Capability, capabilities, capabilityOf } from "./capabilities.ts";
import type { Probe } from "./relation.ts";

type Held = { readonly capability: Capability; readonly by: readonly string[] };

export function holdersOf(allowed: readonly Probe[]): readonly Held[] {
  const held = Map.groupBy(
    allowed.filter(({ actor }) => actor.kind === "role"),
    (probe) => capabilityOf(probe),
  );
  return capabilities.map((capability) => ({
    capability,
    by: [...new Set((held.get(capability) ?? []).map(({ actor }) => actor.name))].sort(),
  }));
}
