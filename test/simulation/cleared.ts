/** The invariant of the gate: a gated environment holds approved change sets only. */
import type { StackRow } from "@kedge/local-cloud/services/cloudformation/state";
import { folders } from "#release/names/deployed-names.ts";
import { formatKey } from "#release/names/key.ts";
import { stackName } from "#release/names/stack-names.ts";
import { type Clearance, clearanceDigest } from "#release/review/clearance.ts";
import { environmentsFor } from "#release/traits/targets.ts";
import type { SimulatedCloud } from "./cloud.ts";
import { objectTexts } from "./estate-view.ts";
import type { History, LineHistory } from "./history.ts";

/** The change set that each stack executed last has to be part of a clearance whose digest an approver named. */
export async function unclearedStacks(cloud: SimulatedCloud, { lines }: History): Promise<readonly string[]> {
  return (await Promise.all(lines.map((line) => unclearedOf(cloud, line)))).flat();
}

async function unclearedOf(cloud: SimulatedCloud, history: LineHistory): Promise<readonly string[]> {
  const { line } = history;
  const executed = environmentsFor(cloud.base.estate, line).targets.flatMap(
    ({ approval, environment, account }) => {
      const stack = approval && stackIn(cloud, account, stackName(environment, line));
      return stack ? [{ environment, changeSet: stack.changeSetId ?? "none" }] : [];
    },
  );
  if (executed.length === 0) return [];
  const cleared = await clearedChangeSets(cloud, history);
  return executed
    .filter(({ changeSet }) => !cleared.has(changeSet))
    .map(({ environment, changeSet }) => `${formatKey(line)}: ${environment} executed ${changeSet}`);
}

/** A stack without resources has executed no change set. */
const stackIn = (cloud: SimulatedCloud, account: string, wanted: string): StackRow | undefined =>
  cloud
    .rows<StackRow>("cloudformation", account, "stacks")
    .find(
      ({ name, status }) =>
        name === wanted && status !== "REVIEW_IN_PROGRESS" && status !== "DELETE_COMPLETE",
    );

/** A review may be overwritten. Each version counts whose clearance has an approved digest. */
async function clearedChangeSets(
  cloud: SimulatedCloud,
  { line, approved }: LineHistory,
): Promise<ReadonlySet<string>> {
  const texts = await objectTexts(cloud, cloud.base.bucket, `${folders.reviews}${line.account}/`);
  const clearances = texts.flatMap((text): readonly Clearance[] => {
    if (!text.startsWith("{")) return [];
    const { clearance } = JSON.parse(text) as { readonly clearance?: Clearance };
    return clearance !== undefined && approved.has(clearanceDigest(clearance)) ? [clearance] : [];
  });
  return new Set(clearances.flatMap(({ stacks }) => stacks.flatMap(({ changeSet }) => changeSet ?? [])));
}
