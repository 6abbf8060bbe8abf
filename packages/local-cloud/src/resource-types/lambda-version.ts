/** AWS::Lambda::Version and AWS::Lambda::Alias. */
import { isList, isObject, type Json, type JsonObject, sameJson } from "#cloud/cloudformation/json.ts";
import { settled } from "./lambda-function.ts";
import { present, type ResourceType } from "./resource-type.ts";

type Published = { readonly FunctionArn: string; readonly Version: string };

export const lambdaVersion: ResourceType = {
  type: "AWS::Lambda::Version",
  create: async (properties, context) => {
    await settled(String(properties["FunctionName"]), context);
    const answer = await context.call<Published>(
      "lambda",
      "PublishVersion",
      present({
        FunctionName: properties["FunctionName"],
        CodeSha256: properties["CodeSha256"],
        Description: properties["Description"],
      }),
    );
    return {
      physicalId: answer.FunctionArn,
      attributes: { Version: answer.Version, FunctionArn: answer.FunctionArn },
    };
  },
  update: async (arn) => ({ physicalId: arn, attributes: {} }),
  delete: async (arn, _properties, context) => {
    const [version] = arn.split(":").slice(-1);
    await context.call("lambda", "DeleteFunction", {
      FunctionName: arn.split(":").slice(0, -1).join(":"),
      Qualifier: version,
    });
  },
  permissions: ["lambda:PublishVersion", "lambda:GetFunction", "lambda:DeleteFunction"],
};

const routing = (value: Json | undefined): Record<string, unknown> | undefined => {
  const weights = isObject(value) ? value["AdditionalVersionWeights"] : undefined;
  if (!isList(weights)) return undefined;
  return {
    AdditionalVersionWeights: Object.fromEntries(
      weights.filter(isObject).map((one) => [String(one["FunctionVersion"]), Number(one["FunctionWeight"])]),
    ),
  };
};

const input = (properties: JsonObject) =>
  present({
    FunctionName: properties["FunctionName"],
    Name: properties["Name"],
    FunctionVersion: properties["FunctionVersion"],
    Description: properties["Description"],
    RoutingConfig: routing(properties["RoutingConfig"]),
  });

type Alias = { readonly AliasArn: string };

export const lambdaAlias: ResourceType = {
  type: "AWS::Lambda::Alias",
  create: async (properties, context) => {
    const { AliasArn } = await context.call<Alias>("lambda", "CreateAlias", input(properties));
    const provisioned = properties["ProvisionedConcurrencyConfig"];
    if (isObject(provisioned)) {
      await context.call("lambda", "PutProvisionedConcurrencyConfig", {
        FunctionName: properties["FunctionName"],
        Qualifier: properties["Name"],
        ...provisioned,
      });
    }
    return { physicalId: AliasArn, attributes: { AliasArn } };
  },
  update: async (_id, properties, previous, context) => {
    const { AliasArn } = await context.call<Alias>("lambda", "UpdateAlias", input(properties));
    const provisioned = properties["ProvisionedConcurrencyConfig"];
    if (isObject(provisioned) && !sameJson(provisioned, previous["ProvisionedConcurrencyConfig"])) {
      await context.call("lambda", "PutProvisionedConcurrencyConfig", {
        FunctionName: properties["FunctionName"],
        Qualifier: properties["Name"],
        ...provisioned,
      });
    }
    return { physicalId: AliasArn, attributes: { AliasArn } };
  },
  delete: async (_id, properties, context) => {
    await context.call("lambda", "DeleteAlias", {
      FunctionName: properties["FunctionName"],
      Name: properties["Name"],
    });
  },
  permissions: ["lambda:CreateAlias", "lambda:UpdateAlias", "lambda:DeleteAlias"],
};
