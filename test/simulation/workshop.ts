/** Boots the estate that simulated runs begin with, once for the tests of a file. */
import { bootBase } from "./base.ts";
import { openWorkshop, type Workshop } from "./cloud.ts";

export const testWorkshop = async (): Promise<Workshop> =>
  openWorkshop(await bootBase("examples/estate.yml"));
