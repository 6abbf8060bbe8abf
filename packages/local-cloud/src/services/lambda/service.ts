/** AWS Lambda runs functions, with layers, aliases, asynchronous events and SQS queues as event sources. */
import * as sdk from "@aws-sdk/client-lambda";
import { defineService } from "#cloud/kernel/service.ts";
import { createAlias, deleteAlias, getAlias, listAliases, updateAlias } from "./aliases.ts";
import { createFunction, deleteFunction } from "./create-function.ts";
import {
  createEventSourceMapping,
  deleteEventSourceMapping,
  getEventSourceMapping,
  listEventSourceMappings,
  updateEventSourceMapping,
} from "./event-source-mappings.ts";
import {
  createFunctionUrlConfig,
  deleteFunctionUrlConfig,
  getFunctionUrlConfig,
  updateFunctionUrlConfig,
} from "./function-urls.ts";
import {
  getFunction,
  getFunctionConfiguration,
  listFunctions,
  listVersionsByFunction,
} from "./get-function.ts";
import { invoke } from "./invoke.ts";
import {
  addLayerVersionPermission,
  deleteLayerVersion,
  getLayerVersion,
  getLayerVersionByArn,
  listLayers,
  listLayerVersions,
  publishLayerVersion,
} from "./layers.ts";
import { addPermission, getPolicy, removePermission } from "./permissions.ts";
import { startPoller } from "./poll-queue.ts";
import { publishVersion } from "./publish-version.ts";
import { resumeEvent } from "./queue-event.ts";
import { listTags, tagResource, untagResource } from "./resource-tags.ts";
import {
  deleteFunctionConcurrency,
  deleteFunctionEventInvokeConfig,
  getAccountSettings,
  getFunctionConcurrency,
  getFunctionEventInvokeConfig,
  listFunctionEventInvokeConfigs,
  putFunctionConcurrency,
  putFunctionEventInvokeConfig,
  updateFunctionEventInvokeConfig,
} from "./settings.ts";
import { type LambdaState, lambdaState } from "./state.ts";
import { updateFunctionCode, updateFunctionConfiguration } from "./update-function.ts";

export const lambda = defineService<LambdaState, typeof sdk>(
  {
    name: "lambda",
    sdk,
    protocols: ["rest-json"],
    state: lambdaState,
    start: ({ locations, stateOf, clock, cloud }) => {
      for (const { account, region } of locations()) {
        const state = stateOf(account, region);
        const deps = {
          state,
          clock,
          cloud,
          stateOf: (other: string, otherRegion?: string) => stateOf(other, otherRegion ?? region),
        };
        for (const id of state.mappings.keys()) startPoller(id, deps);
        for (const id of state.events.keys()) resumeEvent(id, deps);
      }
    },
    stop: (states) => {
      for (const { live } of states) live.pool?.stop();
    },
  },
  {
    AddLayerVersionPermission: addLayerVersionPermission,
    AddPermission: addPermission,
    CreateAlias: createAlias,
    CreateEventSourceMapping: createEventSourceMapping,
    CreateFunction: createFunction,
    CreateFunctionUrlConfig: createFunctionUrlConfig,
    DeleteAlias: deleteAlias,
    DeleteEventSourceMapping: deleteEventSourceMapping,
    DeleteFunction: deleteFunction,
    DeleteFunctionConcurrency: deleteFunctionConcurrency,
    DeleteFunctionEventInvokeConfig: deleteFunctionEventInvokeConfig,
    DeleteFunctionUrlConfig: deleteFunctionUrlConfig,
    DeleteLayerVersion: deleteLayerVersion,
    GetAccountSettings: getAccountSettings,
    GetAlias: getAlias,
    GetEventSourceMapping: getEventSourceMapping,
    GetFunction: getFunction,
    GetFunctionConcurrency: getFunctionConcurrency,
    GetFunctionConfiguration: getFunctionConfiguration,
    GetFunctionEventInvokeConfig: getFunctionEventInvokeConfig,
    GetFunctionUrlConfig: getFunctionUrlConfig,
    GetLayerVersion: getLayerVersion,
    GetLayerVersionByArn: getLayerVersionByArn,
    GetPolicy: getPolicy,
    Invoke: invoke,
    ListAliases: listAliases,
    ListEventSourceMappings: listEventSourceMappings,
    ListFunctionEventInvokeConfigs: listFunctionEventInvokeConfigs,
    ListFunctions: listFunctions,
    ListLayers: listLayers,
    ListLayerVersions: listLayerVersions,
    ListTags: listTags,
    ListVersionsByFunction: listVersionsByFunction,
    PublishLayerVersion: publishLayerVersion,
    PublishVersion: publishVersion,
    PutFunctionConcurrency: putFunctionConcurrency,
    PutFunctionEventInvokeConfig: putFunctionEventInvokeConfig,
    RemovePermission: removePermission,
    TagResource: tagResource,
    UntagResource: untagResource,
    UpdateAlias: updateAlias,
    UpdateEventSourceMapping: updateEventSourceMapping,
    UpdateFunctionCode: updateFunctionCode,
    UpdateFunctionConfiguration: updateFunctionConfiguration,
    UpdateFunctionEventInvokeConfig: updateFunctionEventInvokeConfig,
    UpdateFunctionUrlConfig: updateFunctionUrlConfig,
  },
);
