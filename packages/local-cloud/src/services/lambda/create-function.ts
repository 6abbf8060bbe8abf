/**
 * CreateFunction stores a function and its code. DeleteFunction removes a function, or one of its versions.
 */
import { randomUUID } from "node:crypto";
import type * as lambda from "@aws-sdk/client-lambda";
import type { OperationOf } from "#cloud/kernel/service.ts";
import { describeFunction } from "./describe-function.ts";
import { conflict, constraint, functionNotFound, invalidParameter } from "./errors.ts";
import { findFunction, functionAccess, functionArn, parseFunctionName, versionKey } from "./function-name.ts";
import { layerAccess } from "./layer-arn.ts";
import { publish } from "./publish-version.ts";
import { readCode } from "./read-code.ts";
import { checkRole, initialConfiguration, passRole, readConfiguration } from "./read-configuration.ts";
import type { LambdaState, Version } from "./state.ts";

export const createFunction: OperationOf<typeof lambda, LambdaState, "CreateFunction"> = {
  access: ({ FunctionName, Role = "", Layers = [], Tags = {} }, call) => [
    {
      ...functionAccess("CreateFunction", FunctionName, call),
      context: {
        "lambda:Layer": Layers,
        "aws:TagKeys": Object.keys(Tags),
        ...Object.fromEntries(Object.entries(Tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
      },
    },
    passRole(Role),
    ...Layers.map((arn) => layerAccess("GetLayerVersion", arn, call)),
    ...(Object.keys(Tags).length > 0 ? [functionAccess("TagResource", FunctionName, call)] : []),
  ],
  run: async (input, call) => {
    const name = parseFunctionName(input.FunctionName, call);
    const { state } = call;
    const arn = functionArn({ ...name, qualifier: undefined });
    if (input.PackageType === "Image" || input.Code?.ImageUri !== undefined)
      throw invalidParameter(
        "Container images are not supported by the embedded Lambda; create the function with PackageType Zip.",
      );
    if (input.Runtime === undefined || input.Handler === undefined)
      throw invalidParameter(
        "Runtime and Handler are mandatory parameters for functions created with deployment packages.",
      );
    if (name.qualifier !== undefined || name.account !== call.account)
      throw constraint(
        input.FunctionName,
        "functionName",
        "The function name names a function of the account, without a qualifier",
      );
    const configuration = readConfiguration(input);
    if (state.functions.has(name.name)) throw conflict(`Function already exist: ${name.name}`);
    await checkRole(input.Role ?? "", arn, call);
    const code = await readCode(input.Code ?? {}, call);
    if (state.functions.has(name.name)) throw conflict(`Function already exist: ${name.name}`);
    const now = call.clock.now().getTime();
    state.functions.set(name.name, {
      name: name.name,
      arn,
      lastVersion: 0,
      tags: input.Tags ?? {},
      policies: {},
    });
    const version: Version = {
      ...initialConfiguration,
      runtime: input.Runtime,
      handler: input.Handler,
      role: input.Role ?? "",
      ...configuration,
      name: name.name,
      version: "$LATEST",
      account: call.account,
      region: call.region,
      code,
      architectures: input.Architectures ?? ["x86_64"],
      modifiedAt: now,
      revisionId: randomUUID(),
      activeAt: now + call.cloud.pace.resource,
      updatedAt: now,
    };
    state.versions.set(versionKey(name.name, "$LATEST"), version);
    // The answer has the version's number, and the function's ARN without it (docs/aws-assumptions.md, row 68).
    const made = input.Publish ? publish(state, version, undefined, call) : version;
    return describeFunction(made, state, call.clock, false);
  },
};

export const deleteFunction: OperationOf<typeof lambda, LambdaState, "DeleteFunction"> = {
  access: ({ FunctionName, Qualifier }, call) =>
    functionAccess("DeleteFunction", FunctionName, call, Qualifier),
  run: ({ FunctionName, Qualifier }, call) => {
    const name = parseFunctionName(FunctionName, call, Qualifier);
    const { state, row } = findFunction(name, call);
    if (name.qualifier === "$LATEST")
      throw invalidParameter("$LATEST version cannot be deleted without deleting the function.");
    const mine = (key: string): boolean => key.startsWith(`${row.name}:`);
    if (name.qualifier !== undefined) {
      const used = [...state.aliases.values()].filter(
        (alias) =>
          alias.function === row.name &&
          (alias.version === name.qualifier || (name.qualifier ?? "") in alias.weights),
      );
      if (used.length > 0)
        throw conflict(
          `Version is in use by the following aliases: [${used.map((alias) => alias.name).join(", ")}]`,
        );
      if (!state.versions.delete(versionKey(row.name, name.qualifier)))
        throw functionNotFound(functionArn(name));
      return { StatusCode: 204 };
    }
    state.functions.delete(row.name);
    for (const table of [state.versions, state.aliases, state.invokeConfigs, state.urls])
      for (const key of [...table.keys()]) if (mine(key)) table.delete(key);
    for (const [id, event] of [...state.events.entries()])
      if (event.function === row.name) state.events.delete(id);
    return { StatusCode: 204 };
  },
};
