/**
 * These operations create, get, list, update and delete event source mappings from SQS. Each enabled mapping
 * has a poller.
 */
import { randomUUID } from "node:crypto";
import type * as lambda from "@aws-sdk/client-lambda";
import type { AccessRequest } from "#cloud/kernel/access.ts";
import type { Call, OperationOf } from "#cloud/kernel/service.ts";
import { conflict, invalidParameter, notFound } from "./errors.ts";
import { findVersion, functionAccess, functionArn, parseFunctionName } from "./function-name.ts";
import { checkSource, readMapping } from "./mapping-rules.ts";
import { page } from "./page.ts";
import { startPoller } from "./poll-queue.ts";
import type { LambdaState, Mapping } from "./state.ts";

const mappingArn = (id: string, call: Call<LambdaState>): string =>
  `arn:aws:lambda:${call.region}:${call.account}:event-source-mapping:${id}`;

const access = (action: string, id: string | undefined, call: Call<LambdaState>): AccessRequest => ({
  action: `lambda:${action}`,
  resource: mappingArn(id ?? "", call),
  context: { "lambda:FunctionArn": call.state.mappings.get(id ?? "")?.functionArn },
});

function stateOf(mapping: Mapping, now: number): string {
  if (now < mapping.settledAt) return mapping.transition;
  return mapping.enabled ? "Enabled" : "Disabled";
}

const show = (mapping: Mapping, call: Call<LambdaState>): lambda.EventSourceMappingConfiguration => ({
  UUID: mapping.id,
  EventSourceMappingArn: mappingArn(mapping.id, call),
  EventSourceArn: mapping.sourceArn,
  FunctionArn: mapping.functionArn,
  BatchSize: mapping.batchSize,
  MaximumBatchingWindowInSeconds: mapping.windowSeconds,
  State: stateOf(mapping, call.clock.now().getTime()),
  StateTransitionReason: "USER_INITIATED",
  LastModified: new Date(mapping.modifiedAt),
  FunctionResponseTypes: mapping.partialFailures ? ["ReportBatchItemFailures"] : [],
  ...(mapping.maximumConcurrency !== undefined && {
    ScalingConfig: { MaximumConcurrency: mapping.maximumConcurrency },
  }),
  ...(mapping.filters.length > 0 && {
    FilterCriteria: { Filters: mapping.filters.map((Pattern) => ({ Pattern })) },
  }),
  ...(mapping.lastResult !== undefined && { LastProcessingResult: mapping.lastResult }),
});

const find = (id: string | undefined, call: Call<LambdaState>): Mapping => {
  const mapping = call.state.mappings.get(id ?? "");
  if (mapping === undefined) throw notFound("The resource you requested does not exist.");
  return mapping;
};

const poll = (mapping: Mapping, { state, stateOf: stateIn, clock, cloud }: Call<LambdaState>): void =>
  startPoller(mapping.id, { state, stateOf: stateIn, clock, cloud });

export const createEventSourceMapping: OperationOf<typeof lambda, LambdaState, "CreateEventSourceMapping"> = {
  access: ({ FunctionName }, call) => {
    const name = parseFunctionName(FunctionName, call);
    return {
      action: "lambda:CreateEventSourceMapping",
      resource: "*",
      context: { "lambda:FunctionArn": functionArn(name) },
    };
  },
  run: async (input, call) => {
    const name = parseFunctionName(input.FunctionName, call);
    const version = findVersion(name, call);
    const sourceArn = input.EventSourceArn ?? "";
    if (!sourceArn.startsWith("arn:aws:sqs:"))
      throw invalidParameter(
        `Unsupported event source ${sourceArn === "" ? "(none)" : sourceArn}: the embedded Lambda polls SQS queues only; add another source in packages/local-cloud/src/services/lambda/poll-queue.ts.`,
      );
    const rules = readMapping(input, sourceArn.endsWith(".fifo"));
    const known = [...call.state.mappings.values()].find(
      (mapping) => mapping.sourceArn === sourceArn && mapping.functionArn === functionArn(name),
    );
    if (known !== undefined)
      throw conflict(
        `An event source mapping with SQS arn (" ${sourceArn} ") and function (" ${name.name} ") already exists. Please update or delete the existing mapping with UUID ${known.id}`,
      );
    await checkSource(sourceArn, version, call);
    const now = call.clock.now().getTime();
    const mapping: Mapping = {
      batchSize: 10,
      windowSeconds: 0,
      partialFailures: false,
      filters: [],
      ...rules,
      id: randomUUID(),
      function: name.name,
      functionArn: functionArn(name),
      qualifier: name.qualifier,
      sourceArn,
      enabled: input.Enabled ?? true,
      tags: input.Tags ?? {},
      modifiedAt: now,
      settledAt: now + call.cloud.pace.resource,
      transition: "Creating",
    };
    call.state.mappings.set(mapping.id, mapping);
    poll(mapping, call);
    return show(mapping, call);
  },
};

export const getEventSourceMapping: OperationOf<typeof lambda, LambdaState, "GetEventSourceMapping"> = {
  access: ({ UUID }, call) => access("GetEventSourceMapping", UUID, call),
  run: ({ UUID }, call) => show(find(UUID, call), call),
};

export const listEventSourceMappings: OperationOf<typeof lambda, LambdaState, "ListEventSourceMappings"> = {
  access: () => ({ action: "lambda:ListEventSourceMappings", resource: "*" }),
  run: ({ EventSourceArn, FunctionName, Marker, MaxItems }, call) => {
    const name = FunctionName === undefined ? undefined : parseFunctionName(FunctionName, call);
    const shown = [...call.state.mappings.values()].filter(
      (mapping) =>
        (EventSourceArn ?? mapping.sourceArn) === mapping.sourceArn &&
        (name === undefined || (name.name === mapping.function && name.qualifier === mapping.qualifier)),
    );
    const { items, next } = page(shown, ({ id }) => id, Marker, MaxItems, 100);
    return {
      EventSourceMappings: items.map((mapping) => show(mapping, call)),
      ...(next && { NextMarker: next }),
    };
  },
};

export const updateEventSourceMapping: OperationOf<typeof lambda, LambdaState, "UpdateEventSourceMapping"> = {
  access: ({ UUID, FunctionName }, call) => [
    access("UpdateEventSourceMapping", UUID, call),
    ...(FunctionName === undefined ? [] : [functionAccess("GetFunction", FunctionName, call)]),
  ],
  run: async (input, call) => {
    const current = find(input.UUID, call);
    const name = parseFunctionName(input.FunctionName ?? current.functionArn, call);
    const version = findVersion(name, call);
    const now = call.clock.now().getTime();
    const { maximumConcurrency, ...kept } = current;
    const changed: Mapping = {
      ...kept,
      ...(input.ScalingConfig === undefined && maximumConcurrency !== undefined && { maximumConcurrency }),
      ...readMapping(input, current.sourceArn.endsWith(".fifo")),
      function: name.name,
      functionArn: functionArn(name),
      qualifier: name.qualifier,
      enabled: input.Enabled ?? current.enabled,
      modifiedAt: now,
      settledAt: now + call.cloud.pace.resource,
      transition:
        input.Enabled === undefined || input.Enabled === current.enabled
          ? "Updating"
          : input.Enabled
            ? "Enabling"
            : "Disabling",
    };
    await checkSource(current.sourceArn, version, call);
    call.state.mappings.set(changed.id, changed);
    poll(changed, call);
    return show(changed, call);
  },
};

export const deleteEventSourceMapping: OperationOf<typeof lambda, LambdaState, "DeleteEventSourceMapping"> = {
  access: ({ UUID }, call) => access("DeleteEventSourceMapping", UUID, call),
  run: ({ UUID }, call) => {
    const mapping = find(UUID, call);
    call.state.mappings.delete(mapping.id);
    return { ...show(mapping, call), State: "Deleting" };
  },
};
