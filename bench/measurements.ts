/** Every measurement, in the order they are run; adding one is its file and one line here. */
import { boot } from "./boot.ts";
import { burst } from "./burst.ts";
import { coldLoad } from "./cold-load.ts";
import { dispatch } from "./dispatch.ts";
import type { Measurement } from "./measurement.ts";
import { changes, monday } from "./monday.ts";
import { ranges } from "./ranges.ts";
import { synth } from "./synth.ts";

export const measurements: readonly Measurement[] = [
  coldLoad,
  synth,
  ranges,
  dispatch,
  burst,
  monday,
  changes,
  boot,
];
