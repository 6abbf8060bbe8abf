/** Receives an event on a bus: each enabled rule whose pattern matches sends the event to its targets. */

import { randomUUID } from "node:crypto";
import { readFields } from "#cloud/event-pattern/event-fields.ts";
import { matchFields } from "#cloud/event-pattern/match-pattern.ts";
import { parsePattern } from "#cloud/event-pattern/parse-pattern.ts";
import type { Pattern } from "#cloud/event-pattern/pattern.ts";
import { resumeDelivery } from "./deliver.ts";
import type { DeliveryDeps } from "./delivery-deps.ts";
import { type BusEvent, type EventsState, type Rule, ruleKey } from "./state.ts";

const ALL_MANAGEMENT = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";

export function receiveEvent(bus: string, event: BusEvent, hops: number, deps: DeliveryDeps): void {
  const fields = readFields(event);
  for (const rule of deps.state.rules.values()) {
    if (rule.bus !== bus || rule.pattern === undefined) continue;
    if (!rule.enabled && rule.state !== ALL_MANAGEMENT) continue;
    if (matchFields(patternOf(rule.pattern, deps.state), fields)) sendToTargets(rule, event, hops, deps);
  }
}

export function sendToTargets(rule: Rule, event: BusEvent, hops: number, deps: DeliveryDeps): void {
  const now = deps.clock.now().getTime();
  for (const target of rule.targets) {
    const id = randomUUID();
    deps.state.deliveries.set(id, {
      id,
      rule: ruleKey(rule.bus, rule.name),
      target,
      event,
      hops,
      attempts: 0,
      firstAt: now,
      dueAt: now,
    });
    resumeDelivery(id, deps);
  }
}

function patternOf(text: string, state: EventsState): Pattern {
  const known = state.patterns.get(text);
  if (known !== undefined) return known;
  const parsed = parsePattern(text);
  state.patterns.set(text, parsed);
  return parsed;
}
