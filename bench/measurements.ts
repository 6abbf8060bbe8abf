/** Every measurement, in the order in which they run. A new measurement needs its file and one line here. */
import { boot } from "./boot.ts";
import { burst } from "./burst.ts";
import { cliStart } from "./cli-start.ts";
import { coldLoad } from "./cold-load.ts";
import { cost } from "./cost.ts";
import { dispatch } from "./dispatch.ts";
import { gate } from "./gate.ts";
import { largeEstate } from "./large-estate.ts";
import type { Measurement } from "./measurement.ts";
import { changes, monday } from "./monday.ts";
import { ranges } from "./ranges.ts";
import { simulation } from "./simulation.ts";
import { synth } from "./synth.ts";

export const measurements: readonly Measurement[] = [
  cliStart,
  coldLoad,
  synth,
  largeEstate,
  ranges,
  dispatch,
  cost,
  gate,
  burst,
  monday,
  changes,
  boot,
  simulation,
];
