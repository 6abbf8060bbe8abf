/** The port to the ids and names of persons. The objects behind it are the only place of a name, and can be deleted. */
import type { Person } from "#release/people/person.ts";

export type People = {
  /** The person's id. A person without one gets one. `account` is the anchor's. */
  readonly record: (account: string, person: Person) => Promise<string>;
  /** Undefined for a person without an id. */
  readonly find: (account: string, person: Person) => Promise<string | undefined>;
  /** Undefined when the person was erased, or when the caller may not read names. */
  readonly name: (account: string, id: string) => Promise<string | undefined>;
  /** Deletes the objects that connect the name with its id. Returns the id; undefined for a name without an id. */
  readonly erase: (account: string, person: Person) => Promise<string | undefined>;
};
