/** What records of a queue tell together. */
import type { Records } from "./partial-batch.ts";

export const bodiesOf = (records: Records): readonly string[] => records.map(({ body }) => body);

/** How often the one that was handed out most often has been. */
export const receivesOf = (records: Records): number =>
  Math.max(...records.map(({ attributes }) => Number(attributes.ApproximateReceiveCount)));
