/** Tests the runs of the seeds 1 to 100. */
import { testSeeds } from "./seed-tests.ts";

testSeeds(1, 100);
