/**
 * Calls the function of a macro as the caller of the request. CloudFormation impersonates the user while it runs a macro
 * (CloudFormation User Guide, "Macro account permission considerations").
 */
import { randomUUID } from "node:crypto";
import { isObject, type Json, type JsonObject } from "#cloud/cloudformation/json.ts";
import type { RunMacro } from "#cloud/cloudformation/macros.ts";
import { type ParameterValue, parameterJson } from "#cloud/cloudformation/parameters.ts";
import type { Template } from "#cloud/cloudformation/template.ts";
import { validationError } from "#cloud/cloudformation/template-error.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Call } from "#cloud/kernel/service.ts";
import type { State } from "./state.ts";

type Caller = Pick<Call<State>, "cloud" | "account" | "region" | "state" | "principal">;

const usable: ReadonlySet<string> = new Set(["CREATE_COMPLETE", "UPDATE_COMPLETE"]);

/** Finds the function of the macro with this name in the account and region. */
function functionOf({ resources }: State, name: string): string | undefined {
  for (const rows of resources.values())
    for (const { type, status, properties } of Object.values(rows))
      if (type === "AWS::CloudFormation::Macro" && usable.has(status) && properties["Name"] === name)
        return String(properties["FunctionName"]);
  return undefined;
}

const parameterValuesOf = (template: Template, parameters: readonly ParameterValue[]): JsonObject =>
  Object.fromEntries(
    parameters.flatMap((one) => {
      const declaration = template.Parameters?.[one.key];
      return declaration ? [[one.key, parameterJson(declaration, one)] as const] : [];
    }),
  );

/** Builds the runner of macros for one request with its parameters. */
export function macroRunner(
  call: Caller,
  template: Template,
  parameters: readonly ParameterValue[],
): RunMacro {
  return async (name, fragment, params) => {
    const transformId = `${call.account}::${name}`;
    const FunctionName = functionOf(call.state, name);
    if (FunctionName === undefined) throw validationError(`No transform named ${transformId} found.`);
    const requestId = randomUUID();
    const event = {
      ...{ region: call.region, accountId: call.account, fragment, transformId, params, requestId },
      templateParameterValues: parameterValuesOf(template, parameters),
    };
    const failed = (reason: string): Error =>
      validationError(`Transform ${transformId} failed with: ${reason}`);
    const answer = await invoke(call, FunctionName, event).catch((error: unknown) => {
      throw error instanceof AwsError ? failed(error.message) : error;
    });
    if (!isObject(answer) || answer["requestId"] !== requestId)
      throw failed("Received malformed response from transform");
    if (answer["status"] !== "success")
      throw failed(String(answer["errorMessage"] ?? answer["status"] ?? "failure"));
    const result: Json | undefined = answer["fragment"];
    if (result === undefined) throw failed("Received malformed response from transform");
    return result;
  };
}

async function invoke(
  { cloud, principal, account, region }: Caller,
  FunctionName: string,
  event: object,
): Promise<Json> {
  const { Payload, FunctionError } = await cloud.invoke<{ Payload?: Uint8Array; FunctionError?: string }>({
    service: "lambda",
    operation: "Invoke",
    input: { FunctionName, InvocationType: "RequestResponse", Payload: Buffer.from(JSON.stringify(event)) },
    ...{ principal, account, region },
  });
  if (FunctionError !== undefined) return null;
  try {
    return JSON.parse(Buffer.from(Payload ?? []).toString()) as Json;
  } catch {
    return null;
  }
}
