/** Implements PutMetricData, ListMetrics, GetMetricStatistics and GetMetricData (without metric math). */
import type * as cloudwatch from "@aws-sdk/client-cloudwatch";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Call, OperationOf } from "#cloud/kernel/service.ts";
import { evaluateAlarm } from "./evaluate.ts";
import {
  type CloudwatchState,
  type Metric,
  metricKey,
  readStatistic,
  type Statistics,
  sorted,
  statisticsOf,
} from "./state.ts";

const MINUTE = 60_000;

const invalid = (message: string): AwsError => new AwsError("InvalidParameterValueException", message);

export const putMetricData: OperationOf<typeof cloudwatch, CloudwatchState, "PutMetricData"> = {
  access: ({ Namespace }) => ({
    action: "cloudwatch:PutMetricData",
    resource: "*",
    context: { "cloudwatch:namespace": Namespace },
  }),
  run: ({ Namespace: namespace = "", MetricData = [] }, call) => {
    if (namespace.startsWith("AWS/"))
      throw invalid("The value AWS/ for parameter Namespace is invalid: it is reserved for AWS services.");
    if (MetricData.length > 1000)
      throw invalid("The collection MetricData must not have a size greater than 1000.");
    const changed = new Set<string>();
    for (const datum of MetricData) {
      const dimensions = sorted(datum.Dimensions);
      const key = metricKey(namespace, datum.MetricName ?? "", dimensions);
      const metric: Metric = call.state.metrics.get(key) ?? {
        namespace,
        name: datum.MetricName ?? "",
        dimensions,
        unit: datum.Unit ?? "None",
        minutes: new Map(),
      };
      const minute = Math.floor((datum.Timestamp ?? call.clock.now()).getTime() / MINUTE) * MINUTE;
      const minutes = new Map(metric.minutes);
      for (const one of statisticsIn(datum)) {
        const known = minutes.get(minute);
        minutes.set(minute, known === undefined ? one : join(known, one));
      }
      call.state.metrics.set(key, { ...metric, minutes });
      changed.add(key);
    }
    for (const alarm of call.state.alarms.values())
      if (changed.has(metricKey(alarm.namespace, alarm.metric, alarm.dimensions)))
        evaluateAlarm(alarm.name, call);
    return {};
  },
};

function statisticsIn({
  Value,
  Values,
  Counts,
  StatisticValues,
}: cloudwatch.MetricDatum): readonly Statistics[] {
  if (StatisticValues !== undefined) {
    const { Sum = 0, SampleCount = 0, Minimum = 0, Maximum = 0 } = StatisticValues;
    return [{ sum: Sum, count: SampleCount, minimum: Minimum, maximum: Maximum }];
  }
  const values = Values ?? (Value === undefined ? [] : [Value]);
  if (values.length === 0)
    throw new AwsError(
      "MissingRequiredParameterException",
      "At least one of the parameters must be specified.",
    );
  return values.map((value, index) => {
    const count = Values === undefined ? 1 : (Counts?.[index] ?? 1);
    return { sum: value * count, count, minimum: value, maximum: value };
  });
}

const join = (left: Statistics, right: Statistics): Statistics => ({
  sum: left.sum + right.sum,
  count: left.count + right.count,
  minimum: Math.min(left.minimum, right.minimum),
  maximum: Math.max(left.maximum, right.maximum),
});

export const listMetrics: OperationOf<typeof cloudwatch, CloudwatchState, "ListMetrics"> = {
  access: () => ({ action: "cloudwatch:ListMetrics", resource: "*" }),
  run: ({ Namespace, MetricName, Dimensions = [] }, call) => ({
    Metrics: [...call.state.metrics.values()]
      .filter(
        (metric) =>
          (Namespace ?? metric.namespace) === metric.namespace &&
          (MetricName ?? metric.name) === metric.name &&
          Dimensions.every((wanted) =>
            metric.dimensions.some(
              ({ Name, Value }) => Name === wanted.Name && (wanted.Value ?? Value) === Value,
            ),
          ),
      )
      .map(({ namespace, name, dimensions }) => ({
        Namespace: namespace,
        MetricName: name,
        Dimensions: [...dimensions],
      })),
  }),
};

type Range = { readonly start: number; readonly end: number; readonly period: number };

function rangeOf(start: Date | undefined, end: Date | undefined, period: number): Range {
  if (period < 1 || period % 60 !== 0) throw invalid("The parameter Period must be a multiple of 60.");
  const from = start?.getTime() ?? 0;
  const to = end?.getTime() ?? 0;
  if (from >= to) throw invalid("The parameter StartTime must be less than the parameter EndTime.");
  const ms = period * 1000;
  return { start: Math.floor(from / ms) * ms, end: to, period: ms };
}

function datapointsIn(metric: Metric | undefined, { start, end, period }: Range) {
  const found: { readonly at: number; readonly statistics: Statistics }[] = [];
  // The loop visits only periods with data, because the range may be very long.
  const starts = new Set(
    [...(metric?.minutes.keys() ?? [])].map((minute) => Math.floor(minute / period) * period),
  );
  for (const at of [...starts].sort((left, right) => left - right)) {
    const statistics = at >= start && at < end ? statisticsOf(metric, at, period) : undefined;
    if (statistics !== undefined) found.push({ at, statistics });
  }
  return found;
}

const find = (
  namespace: string | undefined,
  name: string | undefined,
  dimensions: readonly cloudwatch.Dimension[] | undefined,
  { state }: Call<CloudwatchState>,
): Metric | undefined => state.metrics.get(metricKey(namespace ?? "", name ?? "", sorted(dimensions)));

export const getMetricStatistics: OperationOf<typeof cloudwatch, CloudwatchState, "GetMetricStatistics"> = {
  access: () => ({ action: "cloudwatch:GetMetricStatistics", resource: "*" }),
  run: (input, call) => {
    const metric = find(input.Namespace, input.MetricName, input.Dimensions, call);
    const range = rangeOf(input.StartTime, input.EndTime, input.Period ?? 60);
    return {
      Label: input.MetricName,
      Datapoints: datapointsIn(metric, range).map(({ at, statistics }) => ({
        Timestamp: new Date(at),
        Unit: (metric?.unit ?? "None") as cloudwatch.StandardUnit,
        ...Object.fromEntries(
          (input.Statistics ?? []).map((name) => [name, readStatistic(statistics, name)]),
        ),
      })),
    };
  },
};

export const getMetricData: OperationOf<typeof cloudwatch, CloudwatchState, "GetMetricData"> = {
  access: () => ({ action: "cloudwatch:GetMetricData", resource: "*" }),
  run: ({ MetricDataQueries = [], StartTime, EndTime, ScanBy = "TimestampDescending" }, call) => ({
    MetricDataResults: MetricDataQueries.filter(({ ReturnData = true }) => ReturnData).map((query) => {
      const { Metric: metric, Period = 60, Stat = "Average" } = query.MetricStat ?? {};
      if (metric === undefined)
        throw new AwsError(
          "ValidationException",
          `The query ${query.Id} is an expression; the embedded CloudWatch answers MetricStat queries only.`,
        );
      const range = rangeOf(StartTime, EndTime, Period);
      const found = datapointsIn(find(metric.Namespace, metric.MetricName, metric.Dimensions, call), range);
      if (ScanBy === "TimestampDescending") found.reverse();
      return {
        Id: query.Id,
        Label: query.Label ?? metric.MetricName,
        Timestamps: found.map(({ at }) => new Date(at)),
        Values: found.map(({ statistics }) => readStatistic(statistics, Stat)),
        StatusCode: "Complete" as const,
      };
    }),
    Messages: [],
  }),
};
