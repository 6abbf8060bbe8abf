/** Feeds a target for a while. Each input has a seed of its own, so that one seed replays a finding. */
import { chance } from "@kedge/local-cloud/testing/chance";
import { mutate } from "./mutate.ts";
import { Broken, longestMs, type Target } from "./target.ts";

type Finding = { readonly seed: number; readonly input: Uint8Array; readonly error: unknown };

type Fuzzed = {
  readonly inputs: number;
  readonly slowest: { readonly seed: number; readonly ms: number };
  readonly finding?: Finding;
};

/** Runs until `enough` returns true, or until the first finding. The seeds count up. */
export async function fuzz(
  target: Target,
  seed: number,
  enough: (inputs: number) => boolean,
): Promise<Fuzzed> {
  const corpus = await target.corpus();
  let slowest = { seed, ms: 0 };
  let inputs = 0;
  for (; !enough(inputs); inputs += 1) {
    const own = seed + inputs;
    const random = chance(own);
    const input = mutate(
      corpus[random.below(corpus.length)] ?? new Uint8Array(),
      random,
      corpus,
      target.mutations,
    );
    const begun = performance.now();
    const error = await failureOf(target, input);
    const ms = performance.now() - begun;
    if (ms > slowest.ms) slowest = { seed: own, ms };
    const late =
      ms > longestMs ? new Broken(`it took ${Math.round(ms)} ms; ${longestMs} are allowed`) : undefined;
    const found = error ?? late;
    if (found !== undefined)
      return { inputs: inputs + 1, slowest, finding: { seed: own, input, error: found } };
  }
  return { inputs, slowest };
}

async function failureOf(target: Target, input: Uint8Array): Promise<unknown> {
  try {
    await target.check(input);
    return undefined;
  } catch (error) {
    return error;
  }
}
