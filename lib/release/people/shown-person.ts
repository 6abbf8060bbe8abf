/** Writes a person and an origin as text, with the names that the reader may know. */
import type { Origin } from "./origin.ts";
import type { PersonRef } from "./person.ts";
import { shownName } from "./shown-name.ts";

/** The names by the ids. A person without a name is shown by the id. */
export type Names = Readonly<Record<string, string>>;

export function shownPerson({ id, kind, role }: PersonRef, names: Names): string {
  const name = shownName(names[id] ?? id);
  return kind === "session" && role !== undefined ? `${name} (session of ${shownName(role)})` : name;
}

export const shownUploader = ({ by }: Origin, names: Names): string =>
  by === undefined ? "unknown" : shownPerson(by, names);

/** The claims of the CI. Empty when there are none. */
export const shownSource = ({ commit, author, run }: Origin, names: Names): string =>
  [
    ...(commit === undefined ? [] : [`commit ${shownName(commit)}`]),
    ...(author === undefined ? [] : [`author ${shownPerson(author, names)}`]),
    ...(run === undefined ? [] : [`run ${shownName(run)}`]),
  ].join(", ");
