/**
 * Lists the properties that accept `{{resolve:ssm-secure:…}}`. Anywhere else the template is rejected.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm-secure-strings.html
 */
import { isList, isObject, type Json } from "./json.ts";
import type { Template } from "./template.ts";
import { validationError } from "./template-error.ts";

const allowed: Readonly<Record<string, readonly string[]>> = {
  "AWS::DirectoryService::MicrosoftAD": ["Password"],
  "AWS::DirectoryService::SimpleAD": ["Password"],
  "AWS::ElastiCache::ReplicationGroup": ["AuthToken"],
  "AWS::IAM::User": ["LoginProfile/Password"],
  "AWS::KinesisFirehose::DeliveryStream": ["RedshiftDestinationConfiguration/Password"],
  "AWS::OpsWorks::App": ["AppSource/Password"],
  "AWS::OpsWorks::Stack": ["CustomCookbooksSource/Password", "RdsDbInstances/DbPassword"],
  "AWS::RDS::DBCluster": ["MasterUserPassword"],
  "AWS::RDS::DBInstance": ["MasterUserPassword"],
  "AWS::Redshift::Cluster": ["MasterUserPassword"],
};

export function checkSecureReferences({ Resources }: Template): void {
  const wrong = Object.values(Resources).flatMap(({ Type, Properties = {} }) =>
    secureIn(Properties, [])
      .filter((path) => !(allowed[Type] ?? []).includes(path))
      .map((path) => `${Type}/Properties/${path}`),
  );
  if (wrong.length > 0)
    throw validationError(`SSM Secure reference is not supported in: [${wrong.join(", ")}]`);
}

/** Neither list items nor functions are steps of a path. */
function secureIn(value: Json, at: readonly string[]): readonly string[] {
  if (typeof value === "string") return value.includes("{{resolve:ssm-secure:") ? [at.join("/")] : [];
  if (isList(value)) return value.flatMap((item) => secureIn(item, at));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    secureIn(inner, key.startsWith("Fn::") ? at : [...at, key]),
  );
}
