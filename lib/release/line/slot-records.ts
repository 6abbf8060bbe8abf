/**
 * What lines leave in the anchor's cache for each other: that one is at work, waits, or has just made room. A mark's key
 * tells all of it, so that one listing shows who is where; its content is the exact line.
 */
import { type BranchClass, branchClasses } from "#release/estate/branch-class.ts";
import { folders } from "#release/names/deployed-names.ts";
import type { Contender } from "./governor.ts";

/** `leaving`: holds no slot any more, but has still to tell those whose turn it is now. */
export type SlotState = "running" | "waiting" | "leaving";

export type SlotRecord = Contender & { readonly state: SlotState };

export const slotRecordsPrefix = folders.governor;
/** The marks of one line. */
export const slotRecordsOf = (name: string): string => `${slotRecordsPrefix}${name}/`;

const nobody = "-"; // no team's name begins with a hyphen

export const slotRecordKey = ({
  name,
  state,
  class: of,
  team = nobody,
  creates,
  since,
}: SlotRecord): string =>
  `${slotRecordsOf(name)}${state}/${of}/${team}/${creates ? "creates" : "starts"}/${since}`;

/** Undefined for what is no mark. */
export function readSlotRecord(key: string): SlotRecord | undefined {
  const parts = key.startsWith(slotRecordsPrefix) ? key.slice(slotRecordsPrefix.length).split("/") : [];
  const [name = "", state, of, team = nobody, kind, since = ""] = parts;
  if (parts.length !== 6 || name === "" || since === "") return undefined;
  if (state !== "running" && state !== "waiting" && state !== "leaving") return undefined;
  if (!branchClasses.includes(of as BranchClass) || (kind !== "creates" && kind !== "starts"))
    return undefined;
  return {
    name,
    state,
    class: of as BranchClass,
    ...(team !== nobody && { team }),
    creates: kind === "creates",
    since,
  };
}
