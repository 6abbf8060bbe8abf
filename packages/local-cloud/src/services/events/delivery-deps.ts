/** Declares the dependencies of receiving and delivering an event. */
import type { Clock } from "#cloud/kernel/clock.ts";
import type { Cloud } from "#cloud/kernel/cloud-type.ts";
import type { EventsState } from "./state.ts";

export type DeliveryDeps = {
  readonly state: EventsState;
  readonly stateOf: (account: string, region?: string) => EventsState;
  readonly clock: Clock;
  readonly cloud: Cloud;
};
