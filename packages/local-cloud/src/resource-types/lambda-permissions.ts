/** AWS::Lambda::Permission and AWS::Lambda::LayerVersionPermission. */
import { present, type ResourceType } from "./resource-type.ts";

/** Accepts `function:qualifier` or an ARN with a qualifier, as Lambda does. */
const qualified = (name: string): { readonly FunctionName: string; readonly Qualifier?: string } => {
  const parts = name.split(":");
  const at = name.startsWith("arn:") ? 7 : 1;
  const qualifier = parts[at];
  return qualifier === undefined
    ? { FunctionName: name }
    : { FunctionName: parts.slice(0, at).join(":"), Qualifier: qualifier };
};

export const lambdaPermission: ResourceType = {
  type: "AWS::Lambda::Permission",
  create: async (properties, context) => {
    const StatementId = context.name({ max: 100 });
    await context.call(
      "lambda",
      "AddPermission",
      present({
        ...qualified(String(properties["FunctionName"])),
        StatementId,
        Action: properties["Action"],
        Principal: properties["Principal"],
        SourceArn: properties["SourceArn"],
        SourceAccount: properties["SourceAccount"],
        EventSourceToken: properties["EventSourceToken"],
        PrincipalOrgID: properties["PrincipalOrgID"],
        FunctionUrlAuthType: properties["FunctionUrlAuthType"],
        InvokedViaFunctionUrl: properties["InvokedViaFunctionUrl"],
      }),
    );
    return { physicalId: StatementId, attributes: { Id: StatementId } };
  },
  delete: async (StatementId, properties, context) => {
    await context.call("lambda", "RemovePermission", {
      ...qualified(String(properties["FunctionName"])),
      StatementId,
    });
  },
  permissions: ["lambda:AddPermission", "lambda:RemovePermission"],
};

const layer = (arn: string) => {
  const parts = arn.split(":");
  return { LayerName: parts.slice(0, -1).join(":"), VersionNumber: Number(parts.at(-1)) };
};

export const lambdaLayerVersionPermission: ResourceType = {
  type: "AWS::Lambda::LayerVersionPermission",
  create: async (properties, context) => {
    const StatementId = context.name({ max: 100 });
    const arn = String(properties["LayerVersionArn"]);
    await context.call(
      "lambda",
      "AddLayerVersionPermission",
      present({
        ...layer(arn),
        StatementId,
        Action: properties["Action"],
        Principal: properties["Principal"],
        OrganizationId: properties["OrganizationId"],
      }),
    );
    const id = `${arn}#${StatementId}`;
    return { physicalId: id, attributes: { Id: id } };
  },
  delete: async (id, _properties, context) => {
    const [arn = "", StatementId] = id.split("#");
    await context.call("lambda", "RemoveLayerVersionPermission", { ...layer(arn), StatementId });
  },
  permissions: ["lambda:AddLayerVersionPermission", "lambda:RemoveLayerVersionPermission"],
};
