/** The error of an invalid event pattern, with the reason of AWS's own parser (github.com/aws/event-ruler). */
export class PatternError extends Error {
  override name = "PatternError";
}

export const fault = (reason: string): PatternError =>
  new PatternError(`Event pattern is not valid. Reason: ${reason}`);
