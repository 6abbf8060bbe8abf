/** Reads CloudWatch alarms in the target accounts. */
import { type CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { Alarm, Alarms } from "#ports/alarms.ts";
import type { AccountInRegion } from "#ports/target.ts";

const batch = 100; // of one call

export const alarmsCloudwatch = (clientFor: (target: AccountInRegion) => CloudWatchClient): Alarms => ({
  describe: async (target, names) => {
    const found: Alarm[] = [];
    for (let at = 0; at < names.length; at += batch) {
      const { MetricAlarms = [], CompositeAlarms = [] } = await clientFor(target).send(
        new DescribeAlarmsCommand({
          AlarmNames: names.slice(at, at + batch),
          AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
          MaxRecords: batch,
        }),
      );
      found.push(...MetricAlarms.map(measured), ...CompositeAlarms.map(state));
    }
    return found;
  },
});

type StateOfAlarm = Pick<MetricAlarm, "AlarmName" | "StateValue" | "StateReason">;

const state = ({ AlarmName = "", StateValue, StateReason = "" }: StateOfAlarm): Alarm => ({
  name: AlarmName,
  firing: StateValue === "ALARM",
  reason: StateReason,
});

function measured(alarm: MetricAlarm): Alarm {
  const { Namespace, MetricName, Threshold, StateReasonData } = alarm;
  const value = newest(StateReasonData);
  return {
    ...state(alarm),
    ...(MetricName !== undefined && { metric: `${Namespace} ${MetricName}` }),
    ...(value !== undefined && { value }),
    ...(Threshold !== undefined && { threshold: Threshold }),
  };
}

/** CloudWatch gives the compared values as JSON in a text, newest first. */
function newest(data = "{}"): number | undefined {
  const { recentDatapoints } = JSON.parse(data) as { readonly recentDatapoints?: readonly unknown[] };
  const value = recentDatapoints?.[0];
  return typeof value === "number" ? value : undefined;
}
