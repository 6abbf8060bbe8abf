/** Implements CreateEventBus, DescribeEventBus, ListEventBuses, UpdateEventBus and DeleteEventBus. */
import type * as events from "@aws-sdk/client-eventbridge";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { OperationOf } from "#cloud/kernel/service.ts";
import { busAccess, busArn, busLocation, findBus, getBus } from "./find-bus.ts";
import { page } from "./page.ts";
import { toTags } from "./resource-tags.ts";
import type { Bus, EventsState } from "./state.ts";

export const createEventBus: OperationOf<typeof events, EventsState, "CreateEventBus"> = {
  access: ({ Name, Tags = [] }, call) =>
    busAccess("CreateEventBus", Name, call, { "aws:TagKeys": Tags.map(({ Key = "" }) => Key) }),
  run: ({ Name: name = "", Description, Tags = [] }, call) => {
    if (name.startsWith("aws."))
      throw new AwsError(
        "ValidationException",
        `1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [/\\.\\-_A-Za-z0-9]+`,
      );
    if (name.includes("/")) throw new AwsError("ValidationException", `Event bus name must not contain '/'.`);
    if (getBus(call.state, name) !== undefined)
      throw new AwsError("ResourceAlreadyExistsException", `Event bus ${name} already exists.`);
    const now = call.clock.now().getTime();
    call.state.buses.set(name, {
      name,
      description: Description,
      policy: undefined,
      tags: toTags(Tags),
      createdAt: now,
      modifiedAt: now,
    });
    return { EventBusArn: busArn(busLocation(name, call)), Description };
  },
};

const show = (bus: Bus, arn: string) => ({
  Name: bus.name,
  Arn: arn,
  Description: bus.description,
  ...(bus.policy !== undefined && { Policy: JSON.stringify(bus.policy) }),
  CreationTime: new Date(bus.createdAt),
  LastModifiedTime: new Date(bus.modifiedAt),
});

export const describeEventBus: OperationOf<typeof events, EventsState, "DescribeEventBus"> = {
  access: ({ Name }, call) => busAccess("DescribeEventBus", Name, call),
  run: ({ Name }, call) => {
    const { bus, location } = findBus(Name, call);
    return show(bus, busArn(location));
  },
};

export const listEventBuses: OperationOf<typeof events, EventsState, "ListEventBuses"> = {
  access: () => ({ action: "events:ListEventBuses", resource: "*" }),
  run: ({ NamePrefix = "", NextToken, Limit }, call) => {
    const all = new Map([...call.state.buses.values()].map((bus) => [bus.name, bus]));
    const standard = getBus(call.state, "default");
    if (standard !== undefined) all.set("default", standard);
    const shown = [...all.values()].filter(({ name }) => name.startsWith(NamePrefix));
    const { items, next } = page(shown, ({ name }) => name, NextToken, Limit);
    return {
      EventBuses: items.map((bus) => show(bus, busArn(busLocation(bus.name, call)))),
      ...(next && { NextToken: next }),
    };
  },
};

export const updateEventBus: OperationOf<typeof events, EventsState, "UpdateEventBus"> = {
  access: ({ Name }, call) => busAccess("UpdateEventBus", Name, call),
  run: ({ Name, Description }, call) => {
    const { bus, location, state } = findBus(Name, call);
    state.buses.set(bus.name, { ...bus, description: Description, modifiedAt: call.clock.now().getTime() });
    return { Arn: busArn(location), Name: bus.name, Description };
  },
};

export const deleteEventBus: OperationOf<typeof events, EventsState, "DeleteEventBus"> = {
  access: ({ Name }, call) => busAccess("DeleteEventBus", Name, call),
  run: ({ Name }, call) => {
    const { name } = busLocation(Name, call);
    if (name === "default") throw new AwsError("ValidationException", "Cannot delete event bus default.");
    if ([...call.state.rules.values()].some(({ bus }) => bus === name))
      throw new AwsError("ValidationException", `Cannot delete event bus ${name} because it has rules.`);
    call.state.buses.delete(name);
    return {};
  },
};
