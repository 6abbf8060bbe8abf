/** docs/access.md: the analysis of the example estate, as a page for reviewers. */
import { join } from "node:path";
import { check } from "#access/check.ts";
import { accessPage } from "#access/page.ts";
import { analyseEstate } from "./show.ts";

export async function accessDocs(): Promise<string> {
  const analysis = await analyseEstate(join(import.meta.dirname, "..", "..", "..", "examples", "estate.yml"));
  return accessPage(analysis, check(analysis));
}
