/**
 * Any number of lines, the same for the same seed: families of odd and near-equal ones, each member apart from the
 * others by as little as the family allows. Cheap enough for a million in CI.
 */

import { type Chance, chance } from "@kedge/local-cloud/testing/chance";
import type { Line } from "#release/names/key.ts";

const words = [
  "shop",
  "main",
  "a",
  "feature",
  "x1",
  "release",
  "JIRA-42",
  "größe",
  "prod",
  "eu",
  "7",
] as const;
/** Each stands for one of the others somewhere: in a slug, in a font, in a normal form, or in no font at all. */
const alike = [
  ["main", "MAIN", "Main", "mаin", "ｍａｉｎ", "𝐦𝐚𝐢𝐧", "ma\u200bin", "ma\u00adin", "\u202emain", "\ufeffmain", "ⓜⓐⓘⓝ"],
  ["café", "cafe\u0301", "cafe", "CAFÉ", "càfé", "ca\ufb00e"],
  ["straße", "strasse", "STRASSE", "strae", "ſtraße"],
  ["İ", "i", "I", "ı", "i\u0307", "I\u0307"],
  ["Å", "\u212b", "A\u030a", "å", "ａ\u030a"],
  ["👩🏽‍🚀", "👩‍🚀", "👩🚀", "👩🏽🚀", "👩", "🚀"],
  ["شاخه", "שלום", "שלום\u200f", "\u200fשלום", "\u2067שלום\u2069", "\u202bשלום"],
  ["한글", "\u1112\u1161\u11ab\u1100\u1173\u11af", "漢字", "汉字", "かな", "カナ", "ｶﾅ", "が", "か\u3099"],
  ["a.b", "a_b", "a-b", "a b", "a+b", "a%20b", "a%2Fb", "a~b", "a'b", 'a"b', "a\\b", "a&b", "a=b", "a:b", "a;b", "a#b", "a?b", "a*b", "a@b", "a|b", "a<b", "a>b", "a{b", "a^b", "a`b", "a$b", "a!b", "a,b", "a(b", "a[b"],
  ["v1.", "v1..", "v1...", ".v1", "..v1", "v1", "v1-", "-v1", "--v1--", "v1_", "v1 ", " v1", "v1\u00a0", "v1\u3000", "v1\u2028"],
  ["latest.zip", "LATEST.ZIP", "latest", "latest.json", "results", "by-hash", "source", "package", "null", "undefined", "__proto__", "constructor", "aws:x"],
] as const; // biome-ignore format: a family reads best on its line

type Make = (random: Chance, index: number) => readonly [app: string, branch: string];

const text = (random: Chance): string => random.pick(alike[random.below(alike.length)] ?? alike[0]);

/** Any letters of any script; what keys may not hold is left out. */
function letters(random: Chance, length: number): string {
  let made = "";
  while (made.length < length) {
    const plane = random.below(10);
    const code =
      plane < 5
        ? 0x21 + random.below(0x5e)
        : plane < 8
          ? 0xa1 + random.below(0xd700)
          : 0x10000 + random.below(0x20000);
    if (code !== 0x2f) made += String.fromCodePoint(code);
  }
  return /^\.+$/.test(made) ? `${made}x` : made;
}

const families: readonly [Make, ...Make[]] = [
  // Ordinary names, which differ by a number.
  (random, index) => [random.pick(words), `${random.pick(words)}/${random.pick(words)}-${index}`],
  // The boundary between app and branch shifts through one and the same text.
  (random, index) => {
    const segments = [random.pick(words), random.pick(words), String(index >> 3), random.pick(words)];
    const at = 1 + random.below(3);
    const sign = random.pick(["-", "_", ".", "/"] as const);
    return [segments.slice(0, at).join(sign === "/" ? "-" : sign), segments.slice(at).join(sign)];
  },
  // Look-alikes, one within the other.
  (random, index) => [
    text(random),
    `${text(random)}/${text(random)}${random.below(2) ? "" : "/"}${index >> 4}`,
  ],
  // The same but for its end, far behind what a name shows.
  (random, index) => [
    "long",
    `${"feature/".repeat(random.below(4))}${"x".repeat(100 + random.below(60))}${index}`,
  ],
  // Case only.
  (random, index) => {
    const same = `Branch-${(index >> 6).toString(36)}-abcdef`;
    const cased = [...same].map((each) => (random.below(2) ? each.toUpperCase() : each.toLowerCase()));
    return [random.pick(["Shop", "shop", "SHOP"] as const), cased.join("")];
  },
  // Separators at the end and in between.
  (random, index) => {
    const sign = (): string =>
      random.pick(["-", "--", ".", "_", " ", "+", "%2F", "~", "\u200d", "\u00ad"] as const);
    return [`app${sign()}`, `${index >> 3}${sign()}${random.pick(words)}${sign()}`];
  },
  (random) => [letters(random, 1 + random.below(12)), letters(random, 6 + random.below(30))],
];

/** As long as S3 lets a key be, and then some; few, since each is costly. */
const longest: Make = (random, index) => [text(random), `${random.pick(words)}/${"y".repeat(990)}${index}`];

/** The lines themselves; equal ones may come twice, as they do in life. */
export function* manyLines(count: number, seed: number): Generator<Line> {
  const random = chance(seed);
  for (let index = 0; index < count; index += 1) {
    const make = index % 500 === 0 ? longest : random.pick(families);
    const [app, branch] = make(random, index);
    yield { account: random.pick(["111111111111", "111111111112", "000000000001"] as const), app, branch };
  }
}
