/** Runs scheduled rules on the clock: each rule has one timer, which is set again after each run. */
import { randomUUID } from "node:crypto";
import type { DeliveryDeps } from "./delivery-deps.ts";
import { sendToTargets } from "./receive-event.ts";
import { nextRun } from "./schedule.ts";
import { type EventsState, type Rule, ruleKey } from "./state.ts";

export function unscheduleRule(state: EventsState, key: string): void {
  state.timers.get(key)?.cancel();
  state.timers.delete(key);
}

export function scheduleRule(rule: Rule, deps: DeliveryDeps): void {
  const { state, clock } = deps;
  const key = ruleKey(rule.bus, rule.name);
  unscheduleRule(state, key);
  if (rule.schedule === undefined || !rule.enabled) return;
  const next = nextRun(rule.schedule, clock.now(), new Date(rule.since));
  if (next === undefined) return;
  const run = (): void => {
    const current = state.rules.get(key);
    if (current === undefined) return;
    sendToTargets(
      current,
      {
        version: "0",
        id: randomUUID(),
        "detail-type": "Scheduled Event",
        source: "aws.events",
        account: current.account,
        time: next.toISOString().replace(/\.\d+Z$/, "Z"),
        region: current.region,
        resources: [current.arn],
        detail: {},
      },
      0,
      deps,
    );
    scheduleRule(current, deps);
  };
  state.timers.set(key, clock.at(next, run));
}
