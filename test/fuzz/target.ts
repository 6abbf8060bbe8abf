/**
 * A target of the fuzzer: good inputs, their mutations, and the properties that each input must keep. Equal
 * seeds make equal inputs.
 */
import type { Mutator } from "./mutate.ts";

export type Target = {
  readonly name: string;
  /** Good inputs to begin with. */
  readonly corpus: () => readonly Uint8Array[] | Promise<readonly Uint8Array[]>;
  /** Mutations for this kind of input, in addition to flips and splices of bytes. */
  readonly mutations: readonly Mutator[];
  /** Throws `Broken` when a property does not hold. Any other error is a finding too. */
  readonly check: (input: Uint8Array) => void | Promise<void>;
};

export class Broken extends Error {
  override name = "Broken";
}

/** The longest time for a single input, also on a busy machine. */
export const longestMs = 5000;
