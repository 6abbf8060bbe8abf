/** A strategy of the traits in the words of CodePipeline's Lambda deploy action. */
import { ReleaseError } from "#release/errors/errors.ts";
import type { Strategy } from "#release/traits/traits.ts";

const mostAlarms = 10;

/** Throws `StrategyUnsupported` for a strategy that the action does not support. */
export function strategyOf({ type, steps = [10], minutes, alarms = [] }: Strategy): string {
  if (alarms.length > mostAlarms)
    throw rejected(`It names ${alarms.length} alarms; the action takes ${mostAlarms}.`);
  if (type === "all-at-once") return "AllAtOnce";
  const [first = 0, second] = steps;
  if (type === "canary") {
    if (second !== undefined && second < 100)
      throw rejected(`A canary of a function has one step, not ${steps.join(", ")}.`);
    return `Canary${percent(first)}Percent${minutes ?? 5}Minutes`;
  }
  if (type !== "linear") throw rejected(`It is ${type}; an alias moves all-at-once, canary or linear.`);
  const even = steps.every((step, index) => step === first * (index + 1) || step === 100);
  if (!even) throw rejected(`Linear steps are equal, which ${steps.join(", ")} are not.`);
  const every = minutes ?? 1;
  return `Linear${percent(first)}PercentEvery${every}Minute${every === 1 ? "" : "s"}`;
}

function percent(first: number): number {
  if (Number.isInteger(first) && first > 0 && first < 100) return first;
  throw rejected(`Its first step is ${first} percent; expected a whole number from 1 to 99.`);
}

const rejected = (seen: string): ReleaseError =>
  new ReleaseError("StrategyUnsupported", `The strategy cannot move a function's alias. ${seen}`);
