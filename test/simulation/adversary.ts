/**
 * Decides faults by dice: when a function dies, which call is throttled, which event is lost or doubled. Each
 * fault has a number, so that a shorter run can leave it out.
 */
import { AwsError } from "@kedge/local-cloud/kernel/aws-error";
import { isBatch } from "./batches.ts";
import type { Dice } from "./dice.ts";
import { type OutcomeOf, pass } from "./invoke-function.ts";
import type { Temper } from "./seed-input.ts";

type Mischief = {
  /** Decides whether the fault happens this time. `what` is for the trace. */
  readonly happens: (probability: number, what: string) => boolean;
  /** The number of faults so far. */
  readonly count: () => number;
};

export function createMischief(
  dice: Dice,
  withheld: ReadonlySet<number>,
  onMischief: (what: string) => void,
): Mischief {
  let count = 0;
  return {
    happens: (probability, what) => {
      if (!dice.chance(probability)) return false;
      count += 1;
      if (withheld.has(count)) return false;
      onMischief(`  ! ${count}: ${what}`);
      return true;
    },
    count: () => count,
  };
}

type OutcomeOrder = {
  readonly dice: Dice;
  readonly mischief: Mischief;
  readonly temper: Temper;
  /**
   * How often the same event or message was tried before. After two tries it meets no further fault. Else it
   * could become a dead letter.
   */
  readonly tries: number;
  /** Limits the errors to fewer than the client's tries. The client must succeed by itself. */
  readonly gentle: boolean;
  /** Makes a move while a function runs. */
  readonly meanwhile: () => Promise<void>;
};

const mostTries = 2;
const mostInARow = 7;
const mostWhenGentle = 4;

export function createOutcomes({
  dice,
  mischief,
  temper,
  tries,
  gentle,
  meanwhile,
}: OutcomeOrder): OutcomeOf {
  const spared = tries >= mostTries;
  let refusals = 0;
  let allowance = gentle ? mostWhenGentle : Number.POSITIVE_INFINITY;
  return async (asked) => {
    const { service, operation } = asked;
    const call = `${service}:${operation}`;
    if (mischief.happens(temper.meanwhile, `something happens before ${call}`)) await meanwhile();
    if (spared) return pass;
    if (refusals > 0 && allowance > 0) {
      refusals -= 1;
      allowance -= 1;
      return { type: "fail", error: throttled(service) };
    }
    if (allowance > 0 && mischief.happens(temper.throttle, `${call} is throttled`)) {
      refusals = dice.roll(mostInARow);
      allowance -= 1;
      return { type: "fail", error: throttled(service) };
    }
    if (allowance > 0 && mischief.happens(temper.silence, `the answer of ${call} is lost`)) {
      allowance -= 1;
      return { type: "lose", error: new AwsError("InternalFailure", "The answer was lost.", 500) };
    }
    if (isBatch(asked) && mischief.happens(temper.partial, `${call} is done in part`))
      return { type: "partial", done: () => dice.chance(0.5) };
    const when = dice.pick(["before", "after"] as const);
    if (mischief.happens(temper.death, `death ${when} ${call}`)) return { type: "die", when };
    return pass;
  };
}

/** The throttling error of each service. */
function throttled(service: string): AwsError {
  if (service === "s3") return new AwsError("SlowDown", "Please reduce your request rate.", 503);
  const code = service === "cloudformation" || service === "sts" ? "Throttling" : "ThrottlingException";
  return new AwsError(code, "Rate exceeded", 400);
}
