/**
 * Custom::* and AWS::CloudFormation::CustomResource: a Lambda function creates the resource and answers to
 * an S3 URL.
 */
import { randomUUID } from "node:crypto";
import { isList, isObject, type Json, type JsonObject, mapStrings } from "#cloud/cloudformation/json.ts";
import { ResourceFailure } from "./resource-failure.ts";
import { type Provisioned, type ResourceContext, type ResourceType, textOf } from "./resource-type.ts";
import { openResponseBucket, readResponse, responseUrl } from "./response-address.ts";

type Request = "Create" | "Update" | "Delete";

/** CloudFormation passes every scalar to the function as text. */
const asText = (value: Json): Json => {
  if (isList(value)) return value.map(asText);
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, asText(one)]));
  return mapStrings(typeof value === "string" ? value : String(value), (one) => one);
};

async function ask(
  request: Request,
  properties: JsonObject,
  previous: JsonObject | undefined,
  physicalId: string | undefined,
  context: ResourceContext,
): Promise<Provisioned> {
  const token = textOf(properties, "ServiceToken") ?? "";
  if (!token.includes(":lambda:")) {
    throw new ResourceFailure(
      token.includes(":sns:")
        ? `Custom resources backed by an SNS topic are not served here; use a Lambda function as ServiceToken instead of ${token}.`
        : `Invalid service token: ${token}`,
    );
  }
  await openResponseBucket(context.cloud, context.region);
  const RequestId = randomUUID();
  const key = `${context.stackId}|${context.logicalId}|${RequestId}`;
  const event = {
    RequestType: request,
    ServiceToken: token,
    ResponseURL: responseUrl(context.cloud, context.region, key, context.clock.now()),
    StackId: context.stackId,
    RequestId,
    LogicalResourceId: context.logicalId,
    ResourceType: context.type,
    ...(physicalId === undefined ? {} : { PhysicalResourceId: physicalId }),
    ResourceProperties: asText(properties),
    ...(previous === undefined ? {} : { OldResourceProperties: asText(previous) }),
  };
  await context.call("lambda", "Invoke", {
    FunctionName: token,
    InvocationType: "Event",
    Payload: Buffer.from(JSON.stringify(event)),
  });
  return await answer(
    key,
    request,
    physicalId,
    Number(textOf(properties, "ServiceTimeout") ?? 3600),
    context,
  );
}

async function answer(
  key: string,
  request: Request,
  physicalId: string | undefined,
  timeout: number,
  context: ResourceContext,
): Promise<Provisioned> {
  const deadline = context.clock.now().getTime() + timeout * 1000;
  for (;;) {
    const text = await readResponse(context.cloud, context.region, key);
    if (text !== undefined) return read(text, request, physicalId, context);
    if (context.cloud.stopping()) throw new ResourceFailure("Interrupted");
    if (context.clock.now().getTime() > deadline) {
      throw new ResourceFailure(
        "CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId [" +
          `${key.split("|").at(-1) ?? ""}]. If you are using the Python cfn-response module, you may need to update your Lambda function code so that CloudFormation can attach the updated version.`,
      );
    }
    await context.clock.sleep(Math.max(context.cloud.pace.resource, 10));
  }
}

function read(
  text: string,
  request: Request,
  physicalId: string | undefined,
  context: ResourceContext,
): Provisioned {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new ResourceFailure("Invalid Json in the response of the custom resource");
  }
  if (!isObject(document)) throw new ResourceFailure("Custom resource response must be a JSON object");
  if (Buffer.byteLength(text) > 4096) throw new ResourceFailure("Response object is too long.");
  if (document["Status"] !== "SUCCESS") {
    const reason = typeof document["Reason"] === "string" ? document["Reason"] : "Unknown reason";
    throw new ResourceFailure(
      `Received response status [FAILED] from custom resource. Message returned: ${reason} (RequestId: ${String(document["RequestId"] ?? "")})`,
    );
  }
  const id = textOf(document, "PhysicalResourceId") ?? physicalId;
  if (id === undefined && request !== "Delete")
    throw new ResourceFailure(`Invalid PhysicalResourceId for ${context.logicalId}`);
  const data = document["Data"];
  return { physicalId: id ?? "", attributes: isObject(data) ? data : {} };
}

export const customResource: ResourceType = {
  type: "AWS::CloudFormation::CustomResource",
  create: (properties, context) => ask("Create", properties, undefined, undefined, context),
  update: (physicalId, properties, previous, context) =>
    ask("Update", properties, previous, physicalId, context),
  delete: async (physicalId, properties, context) => {
    await ask("Delete", properties, undefined, physicalId, context);
  },
  permissions: ["lambda:InvokeFunction"],
};
