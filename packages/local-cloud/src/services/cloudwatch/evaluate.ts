/** Evaluates an alarm on its metric, emits its state changes to EventBridge and runs its actions. */

import { isAwsError } from "#cloud/kernel/aws-error.ts";
import type { Clock } from "#cloud/kernel/clock.ts";
import type { Cloud } from "#cloud/kernel/cloud-type.ts";
import { servicePrincipal } from "#cloud/kernel/principal.ts";
import {
  type Alarm,
  type AlarmState,
  type CloudwatchState,
  metricKey,
  readStatistic,
  statisticsOf,
} from "./state.ts";

type Deps = { readonly state: CloudwatchState; readonly clock: Clock; readonly cloud: Cloud };

const COMPARE: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

export const comparisons: readonly string[] = Object.keys(COMPARE);

export function evaluateAlarm(name: string, deps: Deps): void {
  const alarm = deps.state.alarms.get(name);
  if (alarm === undefined) return;
  const found = decide(alarm, deps);
  if (found !== undefined && found.state !== alarm.state) changeState(alarm, found.state, found.reason, deps);
}

/** Evaluates the alarm at the end of each of its periods, also without data. */
export function watchAlarm(name: string, deps: Deps): void {
  const alarm = deps.state.alarms.get(name);
  if (alarm === undefined) return;
  const { updatedAt } = alarm;
  deps.clock.after(alarm.period * 1000, () => {
    // A newer definition of the alarm has its own watch.
    if (deps.state.alarms.get(name)?.updatedAt !== updatedAt) return;
    evaluateAlarm(name, deps);
    watchAlarm(name, deps);
  });
}

function decide(
  alarm: Alarm,
  { state, clock }: Deps,
): { readonly state: AlarmState; readonly reason: string } | undefined {
  const metric = state.metrics.get(metricKey(alarm.namespace, alarm.metric, alarm.dimensions));
  const period = alarm.period * 1000;
  const current = Math.floor(clock.now().getTime() / period) * period;
  // The current period counts as soon as it has data.
  const newest = statisticsOf(metric, current, period) === undefined ? current - period : current;
  let breaching = 0;
  let seen = 0;
  for (let index = 0; index < alarm.evaluationPeriods; index += 1) {
    const statistics = statisticsOf(metric, newest - index * period, period);
    if (statistics !== undefined) {
      seen += 1;
      if (COMPARE[alarm.comparison]?.(readStatistic(statistics, alarm.statistic), alarm.threshold))
        breaching += 1;
    } else if (alarm.missing === "breaching") breaching += 1;
  }
  if (seen === 0 && alarm.missing === "ignore") return undefined;
  if (seen === 0 && alarm.missing === "missing")
    return {
      state: "INSUFFICIENT_DATA",
      reason: `Insufficient Data: ${alarm.evaluationPeriods} datapoints were unknown.`,
    };
  const alarming = breaching >= alarm.datapointsToAlarm;
  return {
    state: alarming ? "ALARM" : "OK",
    reason: `Threshold Crossed: ${breaching} out of the last ${alarm.evaluationPeriods} datapoints ${alarming ? "were" : "were not enough to be"} ${alarm.comparison} (${alarm.threshold}); ${alarm.datapointsToAlarm} are needed for ALARM.`,
  };
}

export function changeState(alarm: Alarm, to: AlarmState, reason: string, deps: Deps): void {
  const { state, clock, cloud } = deps;
  const now = clock.now();
  state.alarms.set(alarm.name, { ...alarm, state: to, reason, stateAt: now.getTime() });
  const [, , , region = "", account = ""] = alarm.arn.split(":");
  const view = (value: string, why: string, at: number) => ({
    value,
    reason: why,
    timestamp: new Date(at).toISOString().replace("Z", "+0000"),
  });
  cloud.emit({
    source: "aws.cloudwatch",
    detailType: "CloudWatch Alarm State Change",
    resources: [alarm.arn],
    account,
    region,
    detail: {
      alarmName: alarm.name,
      state: view(to, reason, now.getTime()),
      previousState: view(alarm.state, alarm.reason, alarm.stateAt),
      configuration: { description: alarm.description },
    },
  });
  if (!alarm.actionsEnabled || alarm.state === to) return;
  const message = JSON.stringify({
    AlarmName: alarm.name,
    AlarmArn: alarm.arn,
    AlarmDescription: alarm.description ?? null,
    AWSAccountId: account,
    NewStateValue: to,
    NewStateReason: reason,
    OldStateValue: alarm.state,
    StateChangeTime: now.toISOString().replace("Z", "+0000"),
    Region: region,
  });
  for (const action of alarm.actions[to])
    cloud.spawn(`cloudwatch action of ${alarm.name}`, () =>
      act(action, alarm, `${to}: "${alarm.name}"`, message, deps),
    );
}

async function act(
  action: string,
  alarm: Alarm,
  subject: string,
  message: string,
  { cloud }: Deps,
): Promise<void> {
  const [, , service, region = "", account = ""] = action.split(":");
  const requests: Readonly<Record<string, readonly [string, object, string]>> = {
    sns: [
      "Publish",
      { TopicArn: action, Subject: subject.slice(0, 100), Message: message },
      "cloudwatch.amazonaws.com",
    ],
    lambda: [
      "Invoke",
      { FunctionName: action, InvocationType: "Event", Payload: Buffer.from(message) },
      "lambda.alarms.cloudwatch.amazonaws.com",
    ],
  };
  const request = requests[service ?? ""];
  if (request === undefined)
    return cloud.log(
      `cloudwatch: the embedded cloud cannot run the action ${action} of ${alarm.name}; add it to packages/local-cloud/src/services/cloudwatch/evaluate.ts`,
    );
  const [operation, input, principal] = request;
  const source = { sourceArn: alarm.arn, sourceAccount: alarm.arn.split(":")[4] ?? "" };
  try {
    await cloud.invoke({
      service: service ?? "",
      operation,
      input,
      principal: servicePrincipal(principal, source),
      account,
      region,
    });
  } catch (error) {
    if (!isAwsError(error)) throw error;
    cloud.log(`cloudwatch: the action ${action} of ${alarm.name} failed: ${error.code}: ${error.message}`);
  }
}
