/**
 * Serves Amazon EventBridge: buses, rules, targets and schedules. The default bus receives the services'
 * events.
 */
import * as sdk from "@aws-sdk/client-eventbridge";
import { defineService } from "#cloud/kernel/service.ts";
import { putPermission, removePermission } from "./bus-permissions.ts";
import { resumeDelivery } from "./deliver.ts";
import {
  createEventBus,
  deleteEventBus,
  describeEventBus,
  listEventBuses,
  updateEventBus,
} from "./event-buses.ts";
import { putEvents } from "./put-events.ts";
import { receiveEvent } from "./receive-event.ts";
import { listTagsForResource, tagResource, untagResource } from "./resource-tags.ts";
import {
  deleteRule,
  describeRule,
  disableRule,
  enableRule,
  listRules,
  putRule,
  testEventPattern,
} from "./rules.ts";
import { scheduleRule } from "./scheduler.ts";
import { type EventsState, eventsState } from "./state.ts";
import { listRuleNamesByTarget, listTargetsByRule, putTargets, removeTargets } from "./targets.ts";

export const events = defineService<EventsState, typeof sdk>(
  {
    name: "events",
    sdk,
    protocols: ["json-1.1"],
    target: "AWSEvents",
    state: eventsState,
    start: ({ locations, stateOf, clock, cloud }) => {
      cloud.onEvent((event) => {
        const { account, region } = event;
        receiveEvent(
          "default",
          {
            version: "0",
            id: event.id,
            "detail-type": event.detailType,
            source: event.source,
            account,
            time: event.time.toISOString().replace(/\.\d+Z$/, "Z"),
            region,
            resources: event.resources,
            detail: event.detail,
          },
          0,
          {
            state: stateOf(account, region),
            stateOf: (other, there) => stateOf(other, there ?? region),
            clock,
            cloud,
          },
        );
      });
      for (const { account, region } of locations()) {
        const state = stateOf(account, region);
        const deps = {
          state,
          clock,
          cloud,
          stateOf: (other: string, there?: string) => stateOf(other, there ?? region),
        };
        for (const rule of state.rules.values()) scheduleRule(rule, deps);
        for (const id of state.deliveries.keys()) resumeDelivery(id, deps);
      }
    },
  },
  {
    CreateEventBus: createEventBus,
    DeleteEventBus: deleteEventBus,
    DeleteRule: deleteRule,
    DescribeEventBus: describeEventBus,
    DescribeRule: describeRule,
    DisableRule: disableRule,
    EnableRule: enableRule,
    ListEventBuses: listEventBuses,
    ListRuleNamesByTarget: listRuleNamesByTarget,
    ListRules: listRules,
    ListTagsForResource: listTagsForResource,
    ListTargetsByRule: listTargetsByRule,
    PutEvents: putEvents,
    PutPermission: putPermission,
    PutRule: putRule,
    PutTargets: putTargets,
    RemovePermission: removePermission,
    RemoveTargets: removeTargets,
    TagResource: tagResource,
    TestEventPattern: testEventPattern,
    UntagResource: untagResource,
    UpdateEventBus: updateEventBus,
  },
);
