/** A violation: an invariant of access that does not hold, with the attack that shows it. */

export type Violation = {
  readonly invariant: string;
  /** One sentence. */
  readonly says: string;
  /** The attack, step by step; each names the statements that let it happen. */
  readonly path: readonly string[];
};
