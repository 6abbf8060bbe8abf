/** Values of several SQS records together. */
import type { Records } from "./partial-batch.ts";

export const bodiesOf = (records: Records): readonly string[] => records.map(({ body }) => body);

/** The highest receive count of the records. */
export const receivesOf = (records: Records): number =>
  Math.max(...records.map(({ attributes }) => Number(attributes.ApproximateReceiveCount)));
