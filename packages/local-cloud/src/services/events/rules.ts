/** Implements PutRule, DescribeRule, ListRules, DeleteRule, EnableRule, DisableRule and TestEventPattern. */
import type * as events from "@aws-sdk/client-eventbridge";
import { matchPattern } from "#cloud/event-pattern/match-pattern.ts";
import { parsePattern } from "#cloud/event-pattern/parse-pattern.ts";
import type { Pattern } from "#cloud/event-pattern/pattern.ts";
import { PatternError } from "#cloud/event-pattern/pattern-error.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Call, OperationOf } from "#cloud/kernel/service.ts";
import { findBus, findRule, ruleAccess, ruleArn } from "./find-bus.ts";
import { page } from "./page.ts";
import { toTags } from "./resource-tags.ts";
import { isSchedule } from "./schedule.ts";
import { scheduleRule, unscheduleRule } from "./scheduler.ts";
import { type EventsState, type Rule, ruleKey } from "./state.ts";

/** The model's maximum, and the default quota below it (EventBridge User Guide, "Quotas", event pattern size). */
const PATTERN_LIMIT = 4096;
const PATTERN_QUOTA = 2048;

export const putRule: OperationOf<typeof events, EventsState, "PutRule"> = {
  access: ({ Name, EventBusName, RoleArn, Tags = [] }, call) => [
    ruleAccess("PutRule", EventBusName, Name, call, { "aws:TagKeys": Tags.map(({ Key = "" }) => Key) }),
    ...(RoleArn === undefined ? [] : [passRole(RoleArn)]),
  ],
  run: (input, call) => {
    const { Name: name = "", EventPattern, ScheduleExpression, State = "ENABLED", EventBusName } = input;
    const { bus, location, state } = findBus(EventBusName, call);
    if (EventPattern === undefined && ScheduleExpression === undefined)
      throw invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.");
    if (EventPattern !== undefined) {
      readPattern(EventPattern);
      checkQuota(EventPattern);
    }
    const now = call.clock.now();
    if (ScheduleExpression !== undefined) {
      if (bus.name !== "default")
        throw invalid("ScheduleExpression is supported only on the default event bus.");
      if (!isSchedule(ScheduleExpression)) throw invalid("Parameter ScheduleExpression is not valid.");
    }
    const key = ruleKey(bus.name, name);
    const current = state.rules.get(key);
    const rule: Rule = {
      name,
      bus: bus.name,
      arn: ruleArn(location, name),
      account: location.account,
      region: location.region,
      pattern: EventPattern,
      schedule: ScheduleExpression,
      enabled: State !== "DISABLED",
      state: State,
      description: input.Description,
      roleArn: input.RoleArn,
      targets: current?.targets ?? [],
      tags: current === undefined ? toTags(input.Tags ?? []) : current.tags,
      since:
        current?.schedule === ScheduleExpression && current !== undefined ? current.since : now.getTime(),
    };
    state.rules.set(key, rule);
    scheduleRule(rule, { state, clock: call.clock, cloud: call.cloud, stateOf: call.stateOf });
    return { RuleArn: rule.arn };
  },
};

export const passRole = (role: string) => ({
  action: "iam:PassRole",
  resource: role,
  resourceAccount: role.split(":")[4] ?? "",
  context: { "iam:PassedToService": "events.amazonaws.com" },
});

const invalid = (message: string): AwsError => new AwsError("ValidationException", message);

function readPattern(text: string): Pattern {
  try {
    return parsePattern(text);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw new AwsError("InvalidEventPatternException", error.message);
  }
}

function checkQuota(pattern: string): void {
  if (pattern.length > PATTERN_QUOTA)
    throw new AwsError(
      "LimitExceededException",
      `The event pattern has ${pattern.length} characters. The default quota is ${PATTERN_QUOTA}; an account can request up to ${PATTERN_LIMIT}.`,
    );
}

const show = (rule: Rule) => ({
  Name: rule.name,
  Arn: rule.arn,
  EventBusName: rule.bus,
  State: rule.state as events.RuleState,
  EventPattern: rule.pattern,
  ScheduleExpression: rule.schedule,
  Description: rule.description,
  RoleArn: rule.roleArn,
});

export const describeRule: OperationOf<typeof events, EventsState, "DescribeRule"> = {
  access: ({ Name, EventBusName }, call) => ruleAccess("DescribeRule", EventBusName, Name, call),
  run: ({ Name, EventBusName }, call) => {
    const { rule } = findRule(EventBusName, Name, call);
    return { ...show(rule), CreatedBy: rule.account };
  },
};

export const listRules: OperationOf<typeof events, EventsState, "ListRules"> = {
  access: ({ EventBusName }, call) => ruleAccess("ListRules", EventBusName, "*", call),
  run: ({ EventBusName, NamePrefix = "", NextToken, Limit }, call) => {
    const { bus, state } = findBus(EventBusName, call);
    const mine = [...state.rules.values()].filter(
      (rule) => rule.bus === bus.name && rule.name.startsWith(NamePrefix),
    );
    const { items, next } = page(mine, ({ name }) => name, NextToken, Limit);
    return { Rules: items.map(show), ...(next && { NextToken: next }) };
  },
};

export const deleteRule: OperationOf<typeof events, EventsState, "DeleteRule"> = {
  access: ({ Name, EventBusName }, call) => ruleAccess("DeleteRule", EventBusName, Name, call),
  run: ({ Name = "", EventBusName }, call) => {
    const { bus, state } = findBus(EventBusName, call);
    const key = ruleKey(bus.name, Name);
    if ((state.rules.get(key)?.targets.length ?? 0) > 0)
      throw invalid("Rule can't be deleted since it has targets.");
    state.rules.delete(key);
    unscheduleRule(state, key);
    return {};
  },
};

function setEnabled(
  busName: string | undefined,
  name: string | undefined,
  enabled: boolean,
  call: Call<EventsState>,
) {
  const { rule, state } = findRule(busName, name, call);
  const changed = { ...rule, enabled, state: enabled ? "ENABLED" : "DISABLED" };
  state.rules.set(ruleKey(rule.bus, rule.name), changed);
  scheduleRule(changed, { state, clock: call.clock, cloud: call.cloud, stateOf: call.stateOf });
  return {};
}

export const enableRule: OperationOf<typeof events, EventsState, "EnableRule"> = {
  access: ({ Name, EventBusName }, call) => ruleAccess("EnableRule", EventBusName, Name, call),
  run: ({ Name, EventBusName }, call) => setEnabled(EventBusName, Name, true, call),
};

export const disableRule: OperationOf<typeof events, EventsState, "DisableRule"> = {
  access: ({ Name, EventBusName }, call) => ruleAccess("DisableRule", EventBusName, Name, call),
  run: ({ Name, EventBusName }, call) => setEnabled(EventBusName, Name, false, call),
};

export const testEventPattern: OperationOf<typeof events, EventsState, "TestEventPattern"> = {
  access: () => ({ action: "events:TestEventPattern", resource: "*" }),
  run: ({ EventPattern = "", Event = "" }) => {
    const pattern = readPattern(EventPattern);
    let event: Record<string, unknown>;
    try {
      event = Object(JSON.parse(Event)) as Record<string, unknown>;
    } catch {
      throw invalid("Parameter Event is not valid.");
    }
    // `resources` may be absent (docs/aws-assumptions.md).
    for (const field of ["id", "account", "source", "time", "region", "detail-type"])
      if (event[field] === undefined)
        throw invalid(`Parameter Event is not valid. Reason: ${field} is missing.`);
    return { Result: matchPattern(pattern, event) };
  },
};
