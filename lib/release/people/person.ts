/**
 * A record keeps the id of a person and never the name. The id comes from a random text, so it stays meaningless
 * when the objects that hold the text and the name are deleted.
 */
import { folders } from "#release/names/deployed-names.ts";
import { sha256Hex } from "#release/names/digest.ts";
import type { Identity } from "./identity.ts";

/** A person in a record. A build server counts as a person, because its session name names its subject. */
export type PersonRef = {
  /** `p-` and 24 hexadecimal digits. */
  readonly id: string;
  readonly kind: Identity["kind"] | "author";
  /** Of a session: the role's unique id or its name. */
  readonly role?: string;
};

/** A person with a name, before a record gets the id. */
export type Person = { readonly kind: PersonRef["kind"]; readonly name: string };

const longestName = 256;

export const personOf = ({ kind, name }: Identity): Person => ({ kind, name: name.slice(0, longestName) });

/** The author of a commit, as a CI claims it. */
export const authorNamed = (name: string): Person => ({ kind: "author", name: name.slice(0, longestName) });

export const refTo = ({ kind, role }: Identity, id: string): PersonRef => ({
  id,
  kind,
  ...(role !== undefined && { role }),
});

/**
 * The form of a name that is compared: of `Ann <ann@example.com>` it is the address, without regard to case. An
 * author and a session with the same name are the same person.
 */
export const comparableName = (name: string): string =>
  (/<([^<>]+)>\s*$/.exec(name)?.[1] ?? name).normalize("NFC").trim().toLowerCase();

const spaceOf = ({ kind }: Person): string => (kind === "author" || kind === "session" ? "person" : kind);

/** Deleting `key` and `name` erases the person: the name is in these two objects only. */
export const peopleKeys = {
  folder: (account: string): string => `${folders.people}${account}/`,
  /** Holds the random text of a person, by the name. */
  key: (account: string, person: Person): string =>
    `${peopleKeys.folder(account)}keys/${sha256Hex(`${spaceOf(person)}:${comparableName(person.name)}`)}.json`,
  /** Holds the name, by the id. */
  name: (account: string, id: string): string => `${peopleKeys.folder(account)}${id}.json`,
};

export const personId = (person: Person, random: string): string =>
  `p-${sha256Hex(`${random}:${spaceOf(person)}:${comparableName(person.name)}`).slice(0, 24)}`;

export const isPersonId = (id: string): boolean => /^p-[0-9a-f]{24}$/.test(id);
