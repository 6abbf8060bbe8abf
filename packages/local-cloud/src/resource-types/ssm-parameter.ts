/** AWS::SSM::Parameter. */
import type { JsonObject } from "#cloud/cloudformation/json.ts";
import { present, type ResourceContext, type ResourceType, textOf } from "./resource-type.ts";
import { allTags } from "./tag-lists.ts";

const input = (Name: string, properties: JsonObject) =>
  present({
    Name,
    Type: properties["Type"],
    Value: properties["Value"],
    Description: properties["Description"],
    AllowedPattern: properties["AllowedPattern"],
    Tier: properties["Tier"],
    Policies: properties["Policies"],
    DataType: properties["DataType"],
  });

const described = (Name: string, properties: JsonObject) => ({
  physicalId: Name,
  attributes: { Type: properties["Type"] ?? "String", Value: properties["Value"] ?? "" },
});

async function retag(Name: string, properties: JsonObject, context: ResourceContext): Promise<void> {
  const Tags = allTags(properties, context);
  if (Tags.length > 0)
    await context.call("ssm", "AddTagsToResource", { ResourceType: "Parameter", ResourceId: Name, Tags });
}

export const ssmParameter: ResourceType = {
  type: "AWS::SSM::Parameter",
  create: async (properties, context) => {
    const Name = textOf(properties, "Name") ?? `CFN-${context.name({ max: 200 })}`;
    const Tags = allTags(properties, context);
    await context.call("ssm", "PutParameter", {
      ...input(Name, properties),
      ...(Tags.length > 0 && !context.resumed ? { Tags } : {}),
      Overwrite: context.resumed,
    });
    return described(Name, properties);
  },
  update: async (Name, properties, _previous, context) => {
    await context.call("ssm", "PutParameter", { ...input(Name, properties), Overwrite: true });
    await retag(Name, properties, context);
    return described(Name, properties);
  },
  delete: async (Name, _properties, context) => {
    await context.call("ssm", "DeleteParameter", { Name });
  },
  permissions: ["ssm:PutParameter", "ssm:DeleteParameter", "ssm:AddTagsToResource"],
};
