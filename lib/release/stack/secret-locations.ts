/**
 * Decides whether a secret may stand at a location of a template: only in a property of the list, and only
 * where CloudFormation resolves the dynamic reference.
 */
import { isObject, type PlainValue, type TemplateDocument } from "#release/document/template-document.ts";
import { globalTakesSecret, takesSecret } from "./secret-properties.ts";

/**
 * Properties that take `ssm-secure`: the whole list, in AWS's user guide under "dynamic references, secure strings".
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm-secure-strings.html
 */
const secureParameterProperties: Readonly<Record<string, readonly string[]>> = {
  "AWS::DirectoryService::MicrosoftAD": ["Password"],
  "AWS::DirectoryService::SimpleAD": ["Password"],
  "AWS::ElastiCache::ReplicationGroup": ["AuthToken"],
  "AWS::IAM::User": ["LoginProfile.Password"],
  "AWS::KinesisFirehose::DeliveryStream": ["RedshiftDestinationConfiguration.Password"],
  "AWS::OpsWorks::App": ["AppSource.Password"],
  "AWS::OpsWorks::Stack": ["CustomCookbooksSource.Password", "RdsDbInstances.DbPassword"],
  "AWS::RDS::DBCluster": ["MasterUserPassword"],
  "AWS::RDS::DBInstance": ["MasterUserPassword"],
  "AWS::Redshift::Cluster": ["MasterUserPassword"],
};

/**
 * Returns the reason against a secret at this location of the document, as the end of a sentence; undefined
 * if it is allowed.
 */
export function misplaced(
  document: TemplateDocument,
  at: readonly string[],
  secureParameter: boolean,
): string | undefined {
  const [section, id = "", attribute] = at;
  if (section === "Globals" && !secureParameter)
    return globalTakesSecret(plain(at.slice(1))) ? undefined : "where no secret may be";
  if (section !== "Resources" || attribute !== "Properties")
    return "where CloudFormation resolves no secrets";
  const type = typeOf(document, id);
  const property = plain(at.slice(3));
  if (!takesSecret(type, property))
    return `and ${property.join(".")} of a ${type} is not in the list of properties that take a secret`;
  if (!secureParameter) return undefined;
  const fitting = (secureParameterProperties[type] ?? []).includes(property.join("."));
  return fitting
    ? undefined
    : `and CloudFormation takes no SecureString in ${property.join(".")} of a ${type}`;
}

/** Without positions in lists, and without functions. */
const plain = (steps: readonly string[]): readonly string[] =>
  steps.filter((step) => !/^(\d+|Fn::.*)$/.test(step));

function typeOf(document: TemplateDocument, id: string): string {
  const resources = document["Resources"];
  const resource: PlainValue | undefined = isObject(resources) ? resources[id] : undefined;
  const type = isObject(resource) ? resource["Type"] : undefined;
  return typeof type === "string" ? type : "";
}
