/** The stories that are explored completely, the smallest first. */
import type { Line } from "#release/names/key.ts";
import type { Story } from "./scene.ts";
import type { Kind } from "./uploads.ts";

const line: Line = { account: "121212121212", app: "shop", branch: "feature/a" };

type Trouble = Pick<Story, "deaths" | "late" | "twice">;

const none: Trouble = { deaths: 0, late: 0, twice: 0 };

const of = (kinds: readonly Kind[], trouble: Partial<Trouble>): Story => ({
  line,
  uploads: kinds.map((kind, index) => ({ kind, content: index + 1 })),
  ...none,
  ...trouble,
});

const life: readonly Kind[] = ["plain", "plain", "tombstone", "plain"];

/**
 * Stories with the same uploads are ordered by the number of faults. So the outcome of a state without faults
 * is known when a later story gets there.
 */
export const stories: Readonly<Record<string, Story>> = {
  "a version, a death at any call": of(["plain"], { deaths: 1 }),
  "a version, an event that comes late or never": of(["plain"], { late: 1 }),
  "a version, an event that comes twice": of(["plain"], { twice: 1 }),
  "a version, all of these": of(["plain"], { deaths: 1, late: 1, twice: 1 }),
  "two versions": of(["plain", "plain"], {}),
  "two versions, a death at any call": of(["plain", "plain"], { deaths: 1 }),
  "two versions, all of these": of(["plain", "plain"], { deaths: 1, late: 1, twice: 1 }),
  "a version and its end": of(["plain", "tombstone"], {}),
  "a version and its end, a death at any call": of(["plain", "tombstone"], { deaths: 1 }),
  "a version and its end, all of these": of(["plain", "tombstone"], { deaths: 1, late: 1, twice: 1 }),
  "two versions, an end and a return": of(life, {}),
  "two versions, an end and a return, an event late": of(life, { late: 1 }),
  "two versions, an end and a return, an event twice": of(life, { twice: 1 }),
  "two versions, an end and a return, a death at any call": of(life, { deaths: 1 }),
  "two versions, an end and a return, an event late and one twice": of(life, { late: 1, twice: 1 }),
  "two versions, an end and a return, all of these": of(life, { deaths: 1, late: 1, twice: 1 }),
};
