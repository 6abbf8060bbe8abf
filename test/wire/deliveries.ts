/** Hands the messages and events of an estate to its functions, until the cloud has no more work within seconds. */
import type { Poll } from "#test/simulation/base.ts";
import type { SimulatedCloud } from "#test/simulation/cloud.ts";
import type { Player } from "#test/simulation/player.ts";
import { answerCustomResource } from "./answer-custom-resource.ts";
import { readBody } from "./sent.ts";

type Deliveries = {
  /** Hands one batch of one of the queues to its function. Returns false when the queues are empty. */
  readonly receive: (polls: readonly Poll[]) => Promise<boolean>;
  /** All functions handle their messages and events until the cloud has no more work within seconds. */
  readonly rest: () => Promise<void>;
};

/** Timers that are further away belong to waiting, not to work. */
const horizonMs = 10_000;
const mostMoves = 2000;

/** `targets` are the accounts whose functions do not run. */
export function createDeliveries(
  cloud: SimulatedCloud,
  player: Player,
  targets: readonly string[],
): Deliveries {
  const noted = { outcomeOf: readBody };
  const receive: Deliveries["receive"] = async (polls) => {
    for (const poll of polls) {
      const held = await player.receive(poll);
      if (held.length === 0) continue;
      await player.batch(poll, held, noted);
      return true;
    }
    return false;
  };
  const move = async (): Promise<boolean> => {
    const [event] = player.events();
    if (event !== undefined) {
      await player.handle(event.id, noted);
      return true;
    }
    if (await receive(cloud.base.polls)) return true;
    return (await answerCustomResource(cloud, targets)) || cloud.tick(horizonMs);
  };
  return {
    receive,
    rest: async () => {
      for (let moves = 0; moves < mostMoves; moves += 1) if (!(await move())) return;
      throw new TypeError(`The estate does not come to rest within ${mostMoves} moves.`);
    },
  };
}
