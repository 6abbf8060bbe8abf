/** What a measurement is, and what it answers: tables of figures, and claims that say whether they hold. */
import type { Spread } from "./spread.ts";

export type Cell = string | number | Spread;

export type Table = {
  readonly title: string;
  /** Each row has the same columns. */
  readonly rows: readonly Readonly<Record<string, Cell>>[];
};

/** A sentence, what was seen of it, and whether it holds. Nothing fails when it does not: figures are for people. */
export type Claim = { readonly claim: string; readonly seen: string; readonly holds: boolean };

export type Findings = { readonly tables: readonly Table[]; readonly claims: readonly Claim[] };

export type MeasurementOptions = {
  /** How often each variant is measured; undefined: as often as the measurement thinks best. */
  readonly rounds: number | undefined;
  /** Told of progress, for people who wait. */
  readonly onStep: (step: string) => void;
};

export type Measurement = {
  readonly name: string;
  readonly about: string;
  readonly run: (options: MeasurementOptions) => Promise<Findings>;
};
