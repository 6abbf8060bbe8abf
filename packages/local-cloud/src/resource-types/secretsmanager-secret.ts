/** AWS::SecretsManager::Secret. */
import { isObject, type Json, type JsonObject, sameJson } from "#cloud/cloudformation/json.ts";
import { present, type ResourceContext, type ResourceType, textOf } from "./resource-type.ts";
import { allTags } from "./tag-lists.ts";

/** Returns a generated password, inside the JSON template when there is one. */
async function generated(value: Json | undefined, context: ResourceContext): Promise<string | undefined> {
  if (!isObject(value)) return undefined;
  const { SecretStringTemplate: template, GenerateStringKey: key, ...options } = value;
  const { RandomPassword } = await context.call<{ RandomPassword: string }>(
    "secretsmanager",
    "GetRandomPassword",
    options,
  );
  if (template === undefined || key === undefined) return RandomPassword;
  const base: unknown = JSON.parse(String(template));
  return JSON.stringify({ ...(isObject(base) ? base : {}), [String(key)]: RandomPassword });
}

const described = (arn: string) => ({ physicalId: arn, attributes: { Id: arn } });

const settings = (properties: JsonObject) =>
  present({ Description: properties["Description"], KmsKeyId: properties["KmsKeyId"] });

export const secretsManagerSecret: ResourceType = {
  type: "AWS::SecretsManager::Secret",
  create: async (properties, context) => {
    const SecretString =
      textOf(properties, "SecretString") ?? (await generated(properties["GenerateSecretString"], context));
    const { ARN } = await context.call<{ ARN: string }>("secretsmanager", "CreateSecret", {
      Name: textOf(properties, "Name") ?? context.name({ max: 200 }),
      ...settings(properties),
      ...(SecretString === undefined ? {} : { SecretString }),
      Tags: allTags(properties, context),
      ClientRequestToken: context.token,
    });
    return described(ARN);
  },
  update: async (arn, properties, previous, context) => {
    const renewed = !sameJson(properties["GenerateSecretString"], previous["GenerateSecretString"]);
    const SecretString = !sameJson(properties["SecretString"], previous["SecretString"])
      ? textOf(properties, "SecretString")
      : renewed
        ? await generated(properties["GenerateSecretString"], context)
        : undefined;
    await context.call("secretsmanager", "UpdateSecret", {
      SecretId: arn,
      ...settings(properties),
      ...(SecretString === undefined ? {} : { SecretString }),
    });
    const Tags = allTags(properties, context);
    if (Tags.length > 0) await context.call("secretsmanager", "TagResource", { SecretId: arn, Tags });
    return described(arn);
  },
  delete: async (arn, _properties, context) => {
    await context.call("secretsmanager", "DeleteSecret", { SecretId: arn, ForceDeleteWithoutRecovery: true });
  },
  permissions: [
    "secretsmanager:CreateSecret",
    "secretsmanager:UpdateSecret",
    "secretsmanager:DeleteSecret",
    "secretsmanager:TagResource",
    "secretsmanager:GetRandomPassword",
  ],
};
