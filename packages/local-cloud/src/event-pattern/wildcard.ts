/** Reads a wildcard of an event pattern: `*` stands for any text, a backslash escapes `*` and itself. */
import { fault, PatternError } from "./pattern-error.ts";

/**
 * A wildcard is too complex when this many of its prefixes can match one text. EventBridge's matcher counts the
 * same number (github.com/aws/event-ruler, MachineComplexityEvaluator). Its limit is not published; 10 is the count
 * of `*:*:*:*:*:event-bus/*`, which the User Guide gives as too complex (docs/aws-assumptions.md).
 */
const COMPLEX = 10;

/** A character that the text has to have, or `undefined` for `*`. */
type Step = string | undefined;

export function readWildcard(glob: string): RegExp {
  const steps = readSteps(glob);
  if (complexity(steps) >= COMPLEX)
    throw new PatternError(
      "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character",
    );
  const source = steps.map((step) => (step === undefined ? ".*" : escapeRegExp(step))).join("");
  return new RegExp(`^${source}$`, "s");
}

const escapeRegExp = (text: string): string => text.replace(/[.+?^${}()|[\]\\*/]/g, "\\$&");

function readSteps(glob: string): readonly Step[] {
  const steps: Step[] = [];
  for (let index = 0; index < glob.length; index += 1) {
    const character = glob[index];
    if (character === "*") {
      if (index > 0 && steps.at(-1) === undefined)
        throw fault(`Consecutive wildcard characters at pos ${index}`);
      steps.push(undefined);
    } else if (character === "\\") {
      const escaped = glob[index + 1];
      if (escaped !== "*" && escaped !== "\\") throw fault(`Invalid escape character at pos ${index + 1}`);
      steps.push(escaped);
      index += 1;
    } else steps.push(character);
  }
  return steps;
}

/**
 * Returns the most prefixes of the wildcard that match one text: the largest set of positions that a reader can be
 * at. All reachable sets are explored; their number grows with the length of the wildcard.
 */
function complexity(steps: readonly Step[]): number {
  if (!steps.includes(undefined)) return 1;
  const alphabet = new Set(steps.filter((step) => step !== undefined));
  const start = close(new Set([0]), steps);
  const seen = new Set<string>([keyOf(start)]);
  const open = [start];
  let most = 0;
  for (let set = open.pop(); set !== undefined && most < COMPLEX; set = open.pop()) {
    most = Math.max(most, set.size);
    for (const character of alphabet) {
      const next = close(advance(set, character, steps), steps);
      if (next.size === 0 || seen.has(keyOf(next))) continue;
      seen.add(keyOf(next));
      open.push(next);
    }
  }
  return most;
}

const keyOf = (positions: ReadonlySet<number>): string =>
  [...positions].sort((left, right) => left - right).join();

/** A reader at `*` stays there with any character. */
function advance(positions: ReadonlySet<number>, character: string, steps: readonly Step[]): Set<number> {
  const next = new Set<number>();
  for (const position of positions) {
    if (position > 0 && steps[position - 1] === undefined) next.add(position);
    if (steps[position] === character) next.add(position + 1);
  }
  return next;
}

/** `*` also stands for no text. */
function close(positions: Set<number>, steps: readonly Step[]): Set<number> {
  for (const position of positions)
    if (position < steps.length && steps[position] === undefined) positions.add(position + 1);
  return positions;
}
