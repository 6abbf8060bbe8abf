/** Finds the names of the people in results and reviews. A person without a name that the caller can read is shown by the id. */
import type { People } from "#ports/people.ts";
import type { Result } from "#release/line/result.ts";
import type { Names } from "#release/people/shown-person.ts";
import type { Review } from "#release/review/review.ts";

export type NamesDeps = { readonly people: Pick<People, "name"> };

export const peopleIn = ({ upload, decisions = [] }: Result): readonly string[] =>
  [upload?.by, upload?.author, ...decisions.map(({ by }) => by)].flatMap((person) => person?.id ?? []);

const peopleInReview = ({ origin, releases = [] }: Review): readonly string[] =>
  [origin?.by, origin?.author, ...releases.map(({ by }) => by)].flatMap((person) => person?.id ?? []);

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

export const namesInReviews = (deps: NamesDeps, reviews: readonly Review[]): Promise<Names> =>
  namesOf(deps, reviews[0]?.clearance.line.account ?? "", reviews.flatMap(peopleInReview));
