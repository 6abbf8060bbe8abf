/** Types of a measurement and its findings: tables of figures, and claims with the observed value. */
import type { Spread } from "./spread.ts";

export type Cell = string | number | Spread;

export type Table = {
  readonly title: string;
  /** Each row has the same columns. */
  readonly rows: readonly Readonly<Record<string, Cell>>[];
};

/**
 * A sentence, the observed value, and whether the sentence holds. A claim that does not hold fails no build,
 * because the figures are for people.
 */
export type Claim = { readonly claim: string; readonly seen: string; readonly holds: boolean };

export type Findings = { readonly tables: readonly Table[]; readonly claims: readonly Claim[] };

export type MeasurementOptions = {
  /** The number of rounds for each variant. When it is undefined, the measurement chooses. */
  readonly rounds: number | undefined;
  /** Reports the progress to a person who waits. */
  readonly onStep: (step: string) => void;
};

export type Measurement = {
  readonly name: string;
  readonly about: string;
  readonly run: (options: MeasurementOptions) => Promise<Findings>;
};
