/** Defines CloudWatch's stored state: the datapoints of metrics by minute, and the alarms. */
import type { OpenTable, Table } from "#cloud/kernel/store.ts";

export type Statistics = {
  readonly sum: number;
  readonly count: number;
  readonly minimum: number;
  readonly maximum: number;
};

export type Metric = {
  readonly namespace: string;
  readonly name: string;
  /** Sorted by name. */
  readonly dimensions: readonly { readonly Name: string; readonly Value: string }[];
  readonly unit: string;
  /** Statistics by the start of their minute, in milliseconds. */
  readonly minutes: ReadonlyMap<number, Statistics>;
};

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

export type Alarm = {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly metric: string;
  readonly namespace: string;
  readonly dimensions: Metric["dimensions"];
  readonly statistic: string;
  readonly period: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly threshold: number;
  readonly comparison: string;
  readonly missing: string;
  readonly actionsEnabled: boolean;
  readonly actions: Readonly<Record<AlarmState, readonly string[]>>;
  readonly state: AlarmState;
  readonly reason: string;
  readonly updatedAt: number;
  readonly stateAt: number;
};

export type CloudwatchState = { readonly metrics: Table<Metric>; readonly alarms: Table<Alarm> };

export const cloudwatchState = (table: OpenTable): CloudwatchState => ({
  metrics: table<Metric>("metrics"),
  alarms: table<Alarm>("alarms"),
});

export const metricKey = (namespace: string, name: string, dimensions: Metric["dimensions"]): string =>
  JSON.stringify([namespace, name, dimensions.map(({ Name, Value }) => [Name, Value])]);

export const sorted = (
  dimensions: readonly { readonly Name?: string | undefined; readonly Value?: string | undefined }[] = [],
): Metric["dimensions"] =>
  dimensions
    .map(({ Name = "", Value = "" }) => ({ Name, Value }))
    .sort((left, right) => (left.Name < right.Name ? -1 : 1));

/** Returns the statistics of the period that begins at `start`, or undefined without data. */
export function statisticsOf(
  metric: Metric | undefined,
  start: number,
  period: number,
): Statistics | undefined {
  let all: Statistics | undefined;
  for (const [minute, one] of metric?.minutes ?? []) {
    if (minute < start || minute >= start + period) continue;
    all =
      all === undefined
        ? one
        : {
            sum: all.sum + one.sum,
            count: all.count + one.count,
            minimum: Math.min(all.minimum, one.minimum),
            maximum: Math.max(all.maximum, one.maximum),
          };
  }
  return all;
}

export function readStatistic(statistics: Statistics, statistic: string): number {
  switch (statistic) {
    case "Sum":
      return statistics.sum;
    case "SampleCount":
      return statistics.count;
    case "Minimum":
      return statistics.minimum;
    case "Maximum":
      return statistics.maximum;
    default:
      return statistics.sum / statistics.count;
  }
}
