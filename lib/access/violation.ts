/** Describes a violation: an invariant that does not hold, with the attack that shows it. */

export type Violation = {
  readonly invariant: string;
  /** One sentence. */
  readonly says: string;
  /** The attack, step by step. Each step names the statements that allow it. */
  readonly path: readonly string[];
};
