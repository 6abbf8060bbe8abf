/**
 * The slot records of lines in the anchor's cache: a line runs, waits, or has just released its slot. The key
 * holds all fields, so that one listing shows all lines; the content is the exact line.
 */
import { type BranchClass, branchClasses } from "#release/estate/branch-class.ts";
import { folders } from "#release/names/deployed-names.ts";
import type { Contender } from "./governor.ts";

/** `leaving`: the line holds no slot, but has not yet woken the lines that are admitted now. */
export type SlotState = "running" | "waiting" | "leaving";

export type SlotRecord = Contender & { readonly state: SlotState };

export const slotRecordsPrefix = folders.governor;
/** The marks of one line. */
export const slotRecordsOf = (name: string): string => `${slotRecordsPrefix}${name}/`;

const noTeam = "-"; // no team's name begins with a hyphen

export const slotRecordKey = ({
  name,
  state,
  class: of,
  team = noTeam,
  creates,
  since,
}: SlotRecord): string =>
  `${slotRecordsOf(name)}${state}/${of}/${team}/${creates ? "creates" : "starts"}/${since}`;

/** Returns undefined for a key that is no slot record. */
export function readSlotRecord(key: string): SlotRecord | undefined {
  const segments = key.startsWith(slotRecordsPrefix) ? key.slice(slotRecordsPrefix.length).split("/") : [];
  const [name = "", state, of, team = noTeam, kind, since = ""] = segments;
  if (segments.length !== 6 || name === "" || since === "") return undefined;
  if (state !== "running" && state !== "waiting" && state !== "leaving") return undefined;
  if (!branchClasses.includes(of as BranchClass) || (kind !== "creates" && kind !== "starts"))
    return undefined;
  return {
    name,
    state,
    class: of as BranchClass,
    ...(team !== noTeam && { team }),
    creates: kind === "creates",
    since,
  };
}
