/** Finds the names of the people in results. A person who was erased, or whose name the caller may not read, stays an id. */
import type { People } from "#ports/people.ts";
import type { Result } from "#release/line/result.ts";

/** The names by the ids. */
export type Names = Readonly<Record<string, string>>;

export type NamesDeps = { readonly people: Pick<People, "name"> };

export const peopleIn = ({ upload, decisions = [] }: Result): readonly string[] =>
  [upload?.by, upload?.author, ...decisions.map(({ by }) => by)].flatMap((person) => person?.id ?? []);

/** `account` is the anchor's. */
export async function namesOf(
  { people }: NamesDeps,
  account: string,
  ids: readonly string[],
): Promise<Names> {
  const found = await Promise.all(
    [...new Set(ids)].map(async (id) => [id, await people.name(account, id)] as const),
  );
  return Object.fromEntries(found.flatMap(([id, name]) => (name === undefined ? [] : [[id, name]])));
}
