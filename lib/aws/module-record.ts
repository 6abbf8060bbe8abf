/**
 * The record of a published module: metadata of its object. One write stores the bytes and the people, and a reader gets
 * both in one call.
 */
import type { ModuleRecord } from "#ports/template-publication.ts";

const confirmedKey = "kedge-confirmed";
const peopleKey = "kedge-people";

export const metadataOf = ({ confirmed, people }: ModuleRecord): Record<string, string> => ({
  [confirmedKey]: String(confirmed),
  [peopleKey]: people.join(" "),
});

/** Undefined for a module that an earlier Kedge published without a record. */
export function recordOf(metadata: Readonly<Record<string, string>> | undefined): ModuleRecord | undefined {
  const confirmed = metadata?.[confirmedKey];
  if (confirmed === undefined) return undefined;
  const people = (metadata?.[peopleKey] ?? "").split(" ").filter((id) => id !== "");
  return { confirmed: confirmed === "true", people };
}
