/** What is fuzzed: inputs made from good ones, and the properties each must keep. Equal seeds make equal inputs. */
import type { Mutator } from "./mutate.ts";

export type Target = {
  readonly name: string;
  /** Good inputs to begin with. */
  readonly corpus: () => readonly Uint8Array[] | Promise<readonly Uint8Array[]>;
  /** Of this kind of input, beside flips and splices of bytes. */
  readonly mutations: readonly Mutator[];
  /** Throws `Broken` where a property does not hold; whatever else it throws is a finding too. */
  readonly check: (input: Uint8Array) => void | Promise<void>;
};

export class Broken extends Error {
  override name = "Broken";
}

/** No single input may take longer, on a machine that does much else besides. */
export const longestMs = 5000;
