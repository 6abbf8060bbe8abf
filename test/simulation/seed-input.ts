/** The input of a seed's run: lines with the uploads of their teams, and the probabilities of the faults. */
import type { Line } from "#release/names/key.ts";
import { createDice, type Dice } from "./dice.ts";
import type { Kind } from "./uploads.ts";

export type Upload = { readonly kind: Kind; readonly content: number };
type Team = { readonly line: Line; readonly uploads: readonly Upload[] };

/** The probability of each fault whenever it is possible. */
export type Temper = {
  /** People act before the cloud continues. */
  readonly haste: number;
  /** A function dies at a call. */
  readonly death: number;
  /** A call is throttled, perhaps several times in a row. */
  readonly throttle: number;
  /** A call has its effect, and the answer is lost. */
  readonly silence: number;
  /** Some entries of a batch fail, and the answer says so. */
  readonly partial: number;
  /** Another move happens in the middle of an invocation. */
  readonly meanwhile: number;
  /** An event is lost on its way. */
  readonly loss: number;
  /** An event or a message comes twice. */
  readonly doubling: number;
  /** An approver rejects. */
  readonly rejection: number;
};

/**
 * Work on an anchor while its lines are busy: its hourly resync (`resync`), and `kedge sweep --fix` (`tidy`).
 */
export type Chore = "resync" | "tidy";

export type SeedInput = {
  readonly teams: readonly Team[];
  readonly temper: Temper;
  readonly chores?: readonly Chore[];
  /**
   * The number of lines of an anchor that may be at work at once, without hotfixes. Undefined means the
   * number in the estate.
   */
  readonly slots?: number;
  /** The number of swaps that an adversary may make in parts of releases. */
  readonly swaps?: number;
};

const [shop, bank] = ["111111111111", "121212121212"];

/** Names that begin or end like each other's, in two anchors. `main` has an approval before production. */
const lines: readonly Line[] = [
  { account: bank, app: "shop", branch: "feature/a" },
  { account: bank, app: "shop", branch: "feature/a-b" },
  { account: bank, app: "shop-feature", branch: "a" },
  { account: shop, app: "shop", branch: "feature/a" },
  { account: bank, app: "shop", branch: "main" },
  { account: bank, app: "shop", branch: "hotfix/a" },
];

export function inputOf(seed: number): SeedInput {
  const dice = createDice(seed);
  const size = dice.pick([1, 1, 1, 2, 2, 3, 4]);
  const rest = [...lines];
  const teams = Array.from({ length: size }, () => {
    const [line = lines[0] as Line] = rest.splice(dice.roll(rest.length), 1);
    return { line, uploads: uploadsOf(dice, size === 1 ? 4 : 3) };
  });
  const often = (probability: number): number => dice.pick([0, 0, 1, 1, 3]) * probability;
  return {
    teams,
    temper: {
      haste: dice.pick([0.03, 0.1, 0.4]),
      death: often(0.01),
      throttle: often(0.01),
      silence: often(0.007),
      partial: often(0.05),
      meanwhile: often(0.02),
      loss: often(0.05),
      doubling: often(0.05),
      rejection: often(0.1),
    },
    chores: Array.from({ length: dice.pick([0, 0, 1, 2]) }, () => dice.pick(["resync", "tidy"] as const)),
    ...(size > 1 && dice.chance(0.5) && { slots: dice.pick([1, 2]) }),
  };
}

/** The same content twice in a row is the same artifact uploaded again. */
function uploadsOf(dice: Dice, most: number): readonly Upload[] {
  const kinds: readonly Kind[] = [
    "plain",
    "plain",
    "plain",
    "transformed",
    "tombstone",
    "tombstone",
    "failing",
    "garbage",
  ];
  let content = 0;
  return Array.from({ length: 1 + dice.roll(most) }, (_, index): Upload => {
    if (index === 0 || dice.chance(0.85)) content += 1;
    return { kind: index === 0 ? dice.pick(kinds.slice(0, 4)) : dice.pick(kinds), content };
  });
}

/** Lines with an approval before production, and an adversary that swaps parts of their releases. */
export function swappingInputOf(seed: number): SeedInput {
  const dice = createDice(seed ^ 0x5a4b);
  const branch = dice.pick(["main", "hotfix/a"]);
  const kinds: readonly Kind[] = ["plain", "configured", "parted"];
  const uploads = Array.from(
    { length: 2 + dice.roll(2) },
    (_, index): Upload => ({ kind: dice.pick(kinds), content: index + 1 }),
  );
  const often = (probability: number): number => dice.pick([0, 1, 2]) * probability;
  return {
    teams: [{ line: { account: bank, app: "shop", branch }, uploads }],
    temper: {
      ...{ haste: dice.pick([0.05, 0.2]), partial: 0, loss: 0, rejection: often(0.1) },
      ...{ death: often(0.01), throttle: 0, silence: often(0.01), doubling: often(0.05), meanwhile: 0.1 },
    },
    swaps: 3 + dice.roll(4),
  };
}
