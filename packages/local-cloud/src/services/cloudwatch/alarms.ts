/**
 * Implements the operations on alarms: put, describe, delete, set the state, enable and disable the actions.
 */
import type * as cloudwatch from "@aws-sdk/client-cloudwatch";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Call, OperationOf } from "#cloud/kernel/service.ts";
import { changeState, comparisons, evaluateAlarm, watchAlarm } from "./evaluate.ts";
import { type Alarm, type AlarmState, type CloudwatchState, sorted } from "./state.ts";

const alarmArn = (name: string | undefined, { region, account }: Call<CloudwatchState>): string =>
  `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`;

const access =
  (action: string) =>
  ({ AlarmName }: { readonly AlarmName?: string | undefined }, call: Call<CloudwatchState>) => ({
    action: `cloudwatch:${action}`,
    resource: alarmArn(AlarmName, call),
  });

const eachAccess =
  (action: string) =>
  ({ AlarmNames = [] }: { readonly AlarmNames?: string[] | undefined }, call: Call<CloudwatchState>) =>
    AlarmNames.map((name) => ({ action: `cloudwatch:${action}`, resource: alarmArn(name, call) }));

const invalid = (message: string): AwsError => new AwsError("ValidationException", message);

export const putMetricAlarm: OperationOf<typeof cloudwatch, CloudwatchState, "PutMetricAlarm"> = {
  access: access("PutMetricAlarm"),
  run: (input, call) => {
    const {
      AlarmName: name = "",
      MetricName,
      Namespace,
      Period,
      Statistic,
      ComparisonOperator = "",
      Threshold,
    } = input;
    if (input.Metrics !== undefined)
      throw invalid("Alarms on metric math are not supported by the embedded CloudWatch; name one metric.");
    if (
      MetricName === undefined ||
      Namespace === undefined ||
      Period === undefined ||
      Statistic === undefined ||
      Threshold === undefined
    )
      throw invalid(
        "MetricName, Namespace, Period, Statistic and Threshold must be specified for an alarm on one metric.",
      );
    if (!comparisons.includes(ComparisonOperator))
      throw invalid(`Invalid ComparisonOperator: ${ComparisonOperator}`);
    if (Period < 60 || Period % 60 !== 0) throw invalid("Period must be a multiple of 60.");
    const now = call.clock.now().getTime();
    const current = call.state.alarms.get(name);
    const periods = input.EvaluationPeriods ?? 1;
    const alarm: Alarm = {
      name,
      arn: alarmArn(name, call),
      description: input.AlarmDescription,
      metric: MetricName,
      namespace: Namespace,
      dimensions: sorted(input.Dimensions),
      statistic: Statistic,
      period: Period,
      evaluationPeriods: periods,
      datapointsToAlarm: input.DatapointsToAlarm ?? periods,
      threshold: Threshold,
      comparison: ComparisonOperator,
      missing: input.TreatMissingData ?? "missing",
      actionsEnabled: input.ActionsEnabled ?? true,
      actions: {
        OK: input.OKActions ?? [],
        ALARM: input.AlarmActions ?? [],
        INSUFFICIENT_DATA: input.InsufficientDataActions ?? [],
      },
      state: current?.state ?? "INSUFFICIENT_DATA",
      reason: current?.reason ?? "Unchecked: Initial alarm creation",
      // Two definitions within one millisecond must still differ in their time.
      updatedAt: Math.max(now, (current?.updatedAt ?? 0) + 1),
      stateAt: current?.stateAt ?? now,
    };
    call.state.alarms.set(name, alarm);
    evaluateAlarm(name, call);
    watchAlarm(name, { state: call.state, clock: call.clock, cloud: call.cloud });
    return {};
  },
};

const show = (alarm: Alarm): cloudwatch.MetricAlarm => ({
  AlarmName: alarm.name,
  AlarmArn: alarm.arn,
  AlarmDescription: alarm.description,
  AlarmConfigurationUpdatedTimestamp: new Date(alarm.updatedAt),
  ActionsEnabled: alarm.actionsEnabled,
  OKActions: [...alarm.actions.OK],
  AlarmActions: [...alarm.actions.ALARM],
  InsufficientDataActions: [...alarm.actions.INSUFFICIENT_DATA],
  StateValue: alarm.state,
  StateReason: alarm.reason,
  StateUpdatedTimestamp: new Date(alarm.stateAt),
  StateTransitionedTimestamp: new Date(alarm.stateAt),
  MetricName: alarm.metric,
  Namespace: alarm.namespace,
  Statistic: alarm.statistic as cloudwatch.Statistic,
  Dimensions: [...alarm.dimensions],
  Period: alarm.period,
  EvaluationPeriods: alarm.evaluationPeriods,
  DatapointsToAlarm: alarm.datapointsToAlarm,
  Threshold: alarm.threshold,
  ComparisonOperator: alarm.comparison as cloudwatch.ComparisonOperator,
  TreatMissingData: alarm.missing,
});

export const describeAlarms: OperationOf<typeof cloudwatch, CloudwatchState, "DescribeAlarms"> = {
  access: (_input, call) => ({ action: "cloudwatch:DescribeAlarms", resource: alarmArn("*", call) }),
  run: (
    { AlarmNames, AlarmNamePrefix = "", StateValue, ActionPrefix = "", MaxRecords = 50, NextToken },
    call,
  ) => {
    const all = [...call.state.alarms.values()]
      .filter(
        (alarm) =>
          (AlarmNames === undefined || AlarmNames.length === 0 || AlarmNames.includes(alarm.name)) &&
          alarm.name.startsWith(AlarmNamePrefix) &&
          (StateValue ?? alarm.state) === alarm.state &&
          (ActionPrefix === "" ||
            Object.values(alarm.actions)
              .flat()
              .some((arn) => arn.startsWith(ActionPrefix))),
      )
      .sort((left, right) => (left.name < right.name ? -1 : 1));
    const start = Number(NextToken ?? 0);
    const shown = all.slice(start, start + MaxRecords);
    return {
      MetricAlarms: shown.map(show),
      CompositeAlarms: [],
      ...(all.length > start + MaxRecords && { NextToken: String(start + MaxRecords) }),
    };
  },
};

export const setAlarmState: OperationOf<typeof cloudwatch, CloudwatchState, "SetAlarmState"> = {
  access: access("SetAlarmState"),
  run: ({ AlarmName = "", StateValue = "", StateReason = "" }, call) => {
    const alarm = call.state.alarms.get(AlarmName);
    if (alarm === undefined) throw new AwsError("ResourceNotFound", "", 404);
    changeState(alarm, StateValue as AlarmState, StateReason, call);
    return {};
  },
};

export const deleteAlarms: OperationOf<typeof cloudwatch, CloudwatchState, "DeleteAlarms"> = {
  access: eachAccess("DeleteAlarms"),
  run: ({ AlarmNames = [] }, call) => {
    for (const name of AlarmNames) call.state.alarms.delete(name);
    return {};
  },
};

function setEnabled(names: readonly string[], actionsEnabled: boolean, { state }: Call<CloudwatchState>) {
  for (const name of names) {
    const alarm = state.alarms.get(name);
    if (alarm !== undefined) state.alarms.set(name, { ...alarm, actionsEnabled });
  }
  return {};
}

export const enableAlarmActions: OperationOf<typeof cloudwatch, CloudwatchState, "EnableAlarmActions"> = {
  access: eachAccess("EnableAlarmActions"),
  run: ({ AlarmNames = [] }, call) => setEnabled(AlarmNames, true, call),
};

export const disableAlarmActions: OperationOf<typeof cloudwatch, CloudwatchState, "DisableAlarmActions"> = {
  access: eachAccess("DisableAlarmActions"),
  run: ({ AlarmNames = [] }, call) => setEnabled(AlarmNames, false, call),
};
