/**
 * The rule CloudWatchAlarm succeeds unless the alarm is in one of the configured states (default ALARM). An
 * alarm in such a state has the rule's waiting time to leave it.
 */
import { isAwsError } from "#cloud/kernel/aws-error.ts";
import { DAY, failed, type Job, type Outcome, properties, type RuleProvider } from "./provider.ts";

const states = ["ALARM", "OK", "INSUFFICIENT_DATA"];
const minute = 60_000;

export const cloudWatchAlarm: RuleProvider = {
  provider: "CloudWatchAlarm",
  inputs: [0, 0],
  outputs: [0, 0],
  properties: properties(["AlarmName"], ["AlarmStates", "WaitTime"]),
  check: ({ AlarmStates = "", WaitTime = "0" }) => {
    const unknown = namedIn(AlarmStates).find((state) => !state.includes("#{") && !states.includes(state));
    if (unknown !== undefined) return `AlarmStates must be of ${states.join(", ")}; it has ${unknown}`;
    return /^\d+$|#\{/.test(WaitTime) ? undefined : "WaitTime must be a number of minutes";
  },
  timeoutMinutes: DAY,
  start: checkAlarm,
  observe: checkAlarm,
};

const namedIn = (list: string): readonly string[] =>
  list
    .split(",")
    .map((state) => state.trim())
    .filter((state) => state !== "");

type Alarms = { readonly AlarmName?: string; readonly StateValue?: string; readonly StateReason?: string }[];

async function checkAlarm(job: Job): Promise<Outcome> {
  const { AlarmName = "", AlarmStates = "", WaitTime = "0" } = job.configuration;
  let found: Alarms[number] | undefined;
  try {
    const { MetricAlarms = [], CompositeAlarms = [] } = await job.call<{
      MetricAlarms?: Alarms;
      CompositeAlarms?: Alarms;
    }>("monitoring", "DescribeAlarms", { AlarmNames: [AlarmName] });
    found = [...MetricAlarms, ...CompositeAlarms][0];
  } catch (error) {
    if (isAwsError(error)) return failed("PermissionError", error.message);
    throw error;
  }
  if (found === undefined) return failed("ConfigurationError", `There is no alarm ${AlarmName}.`);
  const { StateValue: state = "", StateReason: reason = "" } = found;
  const named = namedIn(AlarmStates);
  if (!(named.length === 0 ? ["ALARM"] : named).includes(state)) return { status: "Succeeded" };
  const until = job.startTime.getTime() + Number(WaitTime) * minute;
  const now = job.clock.now().getTime();
  if (now >= until) return failed("RuleFailed", `The alarm ${AlarmName} is in the state ${state}: ${reason}`);
  return {
    status: "InProgress",
    details: { memo: {}, summary: `Waiting for the alarm ${AlarmName} to leave ${state}` },
    again: new Date(Math.min(now + minute, until)),
  };
}
