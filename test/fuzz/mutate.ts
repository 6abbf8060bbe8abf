/** Small changes to bytes, as transfers, tools and attackers make them. */
import type { Chance } from "@kedge/local-cloud/testing/chance";

export type Mutator = (input: Uint8Array, random: Chance, corpus: readonly Uint8Array[]) => Uint8Array;

const bytes: readonly [Mutator, ...Mutator[]] = [
  // Flips one bit.
  (input, random) => changed(input, random.below(input.length), (byte) => byte ^ (1 << random.below(8))),
  // Writes a byte that often has a meaning.
  (input, random) =>
    changed(input, random.below(input.length), () => random.pick([0, 0xff, 0x7f, 0x80, 0x0a, 0x22, 0x2f])),
  // Writes a false length.
  (input, random) => {
    const copy = Buffer.from(input);
    const at = random.below(Math.max(copy.length - 4, 1));
    if (copy.length >= 4)
      copy.writeUInt32LE(random.pick([0, 1, 0xffff, 0x10000, 0x7fffffff, 0xffffffff]), at);
    return copy;
  },
  // Cuts off the end.
  (input, random) => input.subarray(0, random.below(input.length + 1)),
  // Removes a range, or repeats it.
  (input, random) => {
    const [from, to] = stretch(input, random);
    return Buffer.concat([input.subarray(0, from), input.subarray(to)]);
  },
  (input, random) => {
    const [from, to] = stretch(input, random);
    return Buffer.concat([input.subarray(0, to), input.subarray(from)]);
  },
  // Joins the beginning of one input and the end of another.
  (input, random, corpus) => {
    const other = corpus[random.below(corpus.length)] ?? input;
    const head = input.subarray(0, random.below(input.length + 1));
    return Buffer.concat([head, other.subarray(random.below(other.length + 1))]);
  },
];

/** Makes one to four changes on top of each other. */
export function mutate(
  input: Uint8Array,
  random: Chance,
  corpus: readonly Uint8Array[],
  own: readonly Mutator[],
): Uint8Array {
  let made = input;
  for (let count = 1 + random.below(4); count > 0; count -= 1) {
    const chosen = own[random.below(own.length * 2)] ?? random.pick(bytes);
    made = chosen(made, random, corpus);
  }
  return made;
}

/** Inserts one of the words, and removes up to seven bytes there in half of the cases. */
export const tokens =
  (words: readonly [string, ...string[]]): Mutator =>
  (input, random) => {
    const word = Buffer.from(random.pick(words));
    const at = random.below(input.length + 1);
    const gone = random.below(2) * random.below(8);
    return Buffer.concat([input.subarray(0, at), word, input.subarray(Math.min(at + gone, input.length))]);
  };

/** Overwrites a field of one of the records that begin with `signature`. */
export const field =
  (signature: string, at: number, size: 2 | 4): Mutator =>
  (input, random) => {
    const copy = Buffer.from(input);
    const offsets: number[] = [];
    for (
      let found = copy.indexOf(signature, 0, "latin1");
      found >= 0;
      found = copy.indexOf(signature, found + 1, "latin1")
    )
      offsets.push(found);
    const offset = (offsets[random.below(offsets.length)] ?? 0) + at;
    if (offsets.length === 0 || offset + size > copy.length) return input;
    const value = random.pick([
      0,
      1,
      8,
      0x14,
      0xff,
      0xffff,
      0xfffe,
      0x7fffffff,
      0xffffffff,
      input.length,
      input.length - 1,
    ]);
    copy.writeUIntLE(size === 2 ? value & 0xffff : value >>> 0, offset, size);
    return copy;
  };

function changed(input: Uint8Array, at: number, change: (byte: number) => number): Uint8Array {
  const copy = Buffer.from(input);
  if (at < copy.length) copy[at] = change(copy[at] ?? 0);
  return copy;
}

function stretch(input: Uint8Array, random: Chance): readonly [number, number] {
  const from = random.below(input.length + 1);
  return [from, Math.min(from + random.below(64), input.length)];
}
