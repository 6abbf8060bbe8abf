/** Writes a number with its noun, in the singular or the plural. */

/** @example counted(1, "file") is "1 file", and counted(2, "entry", "entries") is "2 entries" */
export const counted = (count: number, noun: string, plural = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : plural}`;
