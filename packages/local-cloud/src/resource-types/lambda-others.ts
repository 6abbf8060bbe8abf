/** AWS::Lambda::LayerVersion, EventInvokeConfig and Url. */
import { isObject, type JsonObject } from "#cloud/cloudformation/json.ts";
import { present, type ResourceType, textOf } from "./resource-type.ts";

export const lambdaLayerVersion: ResourceType = {
  type: "AWS::Lambda::LayerVersion",
  create: async (properties, context) => {
    const { LayerVersionArn, LayerArn } = await context.call<{ LayerVersionArn: string; LayerArn: string }>(
      "lambda",
      "PublishLayerVersion",
      present({
        LayerName: textOf(properties, "LayerName") ?? context.name({ max: 140 }),
        Description: properties["Description"],
        Content: isObject(properties["Content"]) ? properties["Content"] : undefined,
        CompatibleRuntimes: properties["CompatibleRuntimes"],
        CompatibleArchitectures: properties["CompatibleArchitectures"],
        LicenseInfo: properties["LicenseInfo"],
      }),
    );
    return { physicalId: LayerVersionArn, attributes: { LayerVersionArn, LayerArn } };
  },
  delete: async (arn, _properties, context) => {
    const parts = arn.split(":");
    await context.call("lambda", "DeleteLayerVersion", {
      LayerName: parts.slice(0, -1).join(":"),
      VersionNumber: Number(parts.at(-1)),
    });
  },
  permissions: ["lambda:PublishLayerVersion", "lambda:DeleteLayerVersion", "s3:GetObject"],
};

const invokeConfig = (properties: JsonObject) =>
  present({
    FunctionName: properties["FunctionName"],
    Qualifier: properties["Qualifier"],
    MaximumEventAgeInSeconds: properties["MaximumEventAgeInSeconds"],
    MaximumRetryAttempts: properties["MaximumRetryAttempts"],
    DestinationConfig: properties["DestinationConfig"],
  });

export const lambdaEventInvokeConfig: ResourceType = {
  type: "AWS::Lambda::EventInvokeConfig",
  create: async (properties, context) => {
    await context.call("lambda", "PutFunctionEventInvokeConfig", invokeConfig(properties));
    return { physicalId: context.name({ max: 100 }), attributes: {} };
  },
  update: async (physicalId, properties, _previous, context) => {
    await context.call("lambda", "PutFunctionEventInvokeConfig", invokeConfig(properties));
    return { physicalId, attributes: {} };
  },
  delete: async (_id, properties, context) => {
    await context.call("lambda", "DeleteFunctionEventInvokeConfig", {
      FunctionName: properties["FunctionName"],
      Qualifier: properties["Qualifier"],
    });
  },
  permissions: ["lambda:PutFunctionEventInvokeConfig", "lambda:DeleteFunctionEventInvokeConfig"],
};

const url = (properties: JsonObject) =>
  present({
    FunctionName: properties["TargetFunctionArn"],
    Qualifier: properties["Qualifier"],
    AuthType: properties["AuthType"],
    Cors: properties["Cors"],
    InvokeMode: properties["InvokeMode"],
  });

type UrlAnswer = { readonly FunctionUrl: string; readonly FunctionArn: string };

export const lambdaUrl: ResourceType = {
  type: "AWS::Lambda::Url",
  create: async (properties, context) => {
    const { FunctionArn, FunctionUrl } = await context.call<UrlAnswer>(
      "lambda",
      "CreateFunctionUrlConfig",
      url(properties),
    );
    return { physicalId: FunctionArn, attributes: { FunctionArn, FunctionUrl } };
  },
  update: async (physicalId, properties, _previous, context) => {
    const { FunctionArn, FunctionUrl } = await context.call<UrlAnswer>(
      "lambda",
      "UpdateFunctionUrlConfig",
      url(properties),
    );
    return { physicalId, attributes: { FunctionArn, FunctionUrl } };
  },
  delete: async (_id, properties, context) => {
    await context.call(
      "lambda",
      "DeleteFunctionUrlConfig",
      present({ FunctionName: properties["TargetFunctionArn"], Qualifier: properties["Qualifier"] }),
    );
  },
  permissions: [
    "lambda:CreateFunctionUrlConfig",
    "lambda:UpdateFunctionUrlConfig",
    "lambda:DeleteFunctionUrlConfig",
  ],
};
