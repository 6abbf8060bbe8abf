/** Tests the runs of the seeds 101 to 200. */
import { testSeeds } from "./seed-tests.ts";

testSeeds(101, 200);
