/** The variables of Prepare that an approval shows and that the execution after it compares. */
import { preparedNamespace } from "#release/names/names.ts";

export const clearanceVariables = {
  /** The digest of the clearance. */
  digest: "Clearance",
  /** The changes in a few sentences. */
  changes: "Changes",
  /** The key of the review, without its ending. */
  review: "Review",
  /** The page of the review in the S3 console. */
  link: "ReviewPage",
} as const;

export const clearanceVariable = (environment: string, name: keyof typeof clearanceVariables): string =>
  `#{${preparedNamespace(environment)}.${clearanceVariables[name]}}`;
