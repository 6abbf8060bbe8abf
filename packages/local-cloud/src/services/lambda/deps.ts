/** Declares the dependencies of a function's run: the state, the clock and the cloud. */
import type { Clock } from "#cloud/kernel/clock.ts";
import type { Cloud } from "#cloud/kernel/cloud-type.ts";
import type { LambdaState } from "./state.ts";

export type LambdaDeps = {
  readonly state: LambdaState;
  readonly stateOf: (account: string, region?: string) => LambdaState;
  readonly clock: Clock;
  readonly cloud: Cloud;
};
