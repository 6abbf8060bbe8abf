/**
 * AWS::CloudFormation::WaitConditionHandle and WaitCondition: the stack waits until a signal arrives from
 * outside.
 */
import { isObject } from "#cloud/cloudformation/json.ts";
import { ResourceFailure } from "./resource-failure.ts";
import type { ResourceType } from "./resource-type.ts";
import { openResponseBucket, readResponse, responseBucket, responseUrl } from "./response-address.ts";

export const waitConditionHandle: ResourceType = {
  type: "AWS::CloudFormation::WaitConditionHandle",
  create: async (_properties, context) => {
    await openResponseBucket(context.cloud, context.region);
    const url = responseUrl(
      context.cloud,
      context.region,
      `${context.stackId}|${context.logicalId}|${context.token}`,
      context.clock.now(),
    );
    return { physicalId: url, attributes: {} };
  },
  update: async (physicalId) => ({ physicalId, attributes: {} }),
  delete: async () => undefined,
  permissions: [],
};

const keyOf = (url: string, region: string): string =>
  decodeURIComponent(new URL(url).pathname.slice(`/${responseBucket(region)}/`.length));

export const waitCondition: ResourceType = {
  type: "AWS::CloudFormation::WaitCondition",
  create: async (properties, context) => {
    const handle = properties["Handle"];
    const id = context.name({ max: 128 });
    if (typeof handle !== "string") return { physicalId: id, attributes: { Data: "{}" } };
    const deadline = context.clock.now().getTime() + Number(properties["Timeout"] ?? 0) * 1000;
    for (;;) {
      const text = await readResponse(context.cloud, context.region, keyOf(handle, context.region));
      const signal: unknown = text === undefined ? undefined : JSON.parse(text);
      if (isObject(signal)) {
        if (signal["Status"] === "SUCCESS") {
          return {
            physicalId: id,
            attributes: { Data: JSON.stringify({ [String(signal["UniqueId"])]: signal["Data"] ?? "" }) },
          };
        }
        throw new ResourceFailure(
          `WaitCondition received failed message: '${String(signal["Reason"] ?? "")}' for uniqueId: ${String(signal["UniqueId"] ?? "")}`,
        );
      }
      if (context.clock.now().getTime() >= deadline || context.cloud.stopping()) {
        throw new ResourceFailure("WaitCondition timed out. Received 0 conditions when expecting 1");
      }
      await context.clock.sleep(Math.max(context.cloud.pace.resource, 10));
    }
  },
  update: async (physicalId) => ({ physicalId, attributes: {} }),
  delete: async () => undefined,
  permissions: [],
};
