/** AWS::Lambda::EventSourceMapping. */
import type { JsonObject } from "#cloud/cloudformation/json.ts";
import { isAwsError } from "#cloud/kernel/aws-error.ts";
import { present, type ResourceContext, type ResourceType } from "./resource-type.ts";

const names = [
  "FunctionName",
  "EventSourceArn",
  "Enabled",
  "BatchSize",
  "FilterCriteria",
  "KmsKeyArn",
  "MaximumBatchingWindowInSeconds",
  "ParallelizationFactor",
  "StartingPosition",
  "DestinationConfig",
  "MaximumRecordAgeInSeconds",
  "BisectBatchOnFunctionError",
  "MaximumRetryAttempts",
  "TumblingWindowInSeconds",
  "FunctionResponseTypes",
  "ScalingConfig",
] as const;

const input = (properties: JsonObject) => {
  const { KmsKeyArn, ...rest } = Object.fromEntries(names.map((name) => [name, properties[name]]));
  return present({ ...rest, KMSKeyArn: KmsKeyArn });
};

type Mapping = { readonly UUID: string; readonly State?: string };

async function stable(UUID: string, context: ResourceContext): Promise<void> {
  for (let tries = 0; tries < 2000 && !context.cloud.stopping(); tries += 1) {
    const now = await context.call<Mapping>("lambda", "GetEventSourceMapping", { UUID });
    if (!/ing$/.test(now.State ?? "")) return;
    await context.clock.sleep(context.cloud.pace.resource);
  }
}

const described = (UUID: string, context: ResourceContext) => ({
  physicalId: UUID,
  attributes: {
    Id: UUID,
    EventSourceMappingArn: `arn:aws:lambda:${context.region}:${context.account}:event-source-mapping:${UUID}`,
  },
});

export const lambdaEventSourceMapping: ResourceType = {
  type: "AWS::Lambda::EventSourceMapping",
  create: async (properties, context) => {
    const { UUID } = await context.call<Mapping>("lambda", "CreateEventSourceMapping", input(properties));
    await stable(UUID, context);
    return described(UUID, context);
  },
  update: async (UUID, properties, _previous, context) => {
    const {
      EventSourceArn: _arn,
      StartingPosition: _position,
      ...rest
    } = input(properties) as Record<string, unknown>;
    await context.call("lambda", "UpdateEventSourceMapping", { UUID, ...rest });
    await stable(UUID, context);
    return described(UUID, context);
  },
  delete: async (UUID, _properties, context) => {
    await context.call("lambda", "DeleteEventSourceMapping", { UUID });
    await stable(UUID, context).catch((error: unknown) => {
      if (!isAwsError(error, "ResourceNotFoundException")) throw error;
    });
  },
  permissions: [
    "lambda:CreateEventSourceMapping",
    "lambda:GetEventSourceMapping",
    "lambda:UpdateEventSourceMapping",
    "lambda:DeleteEventSourceMapping",
  ],
};
