/**
 * Tells apart the properties in which CloudFormation resolves dynamic references to secrets and the
 * properties in which a secret would become readable.
 */
import { isObject, type PlainValue, type TemplateDocument } from "#release/document/template-document.ts";

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

/** Types that would store the secret readable, or hand it on as a text. */
const readable = [
  "AWS::SSM::Parameter",
  "AWS::CloudFormation::Stack",
  "AWS::CloudFormation::StackSet",
  "AWS::Serverless::Application",
  "AWS::CloudFormation::CustomResource",
];

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
  if (section === "Globals" && !secureParameter) return undefined; // defaults of properties
  if (section !== "Resources" || attribute !== "Properties")
    return "where CloudFormation resolves no secrets";
  const type = typeOf(document, id);
  if (readable.includes(type) || type.startsWith("Custom::"))
    return `and a ${type} keeps or hands it on readable`;
  if (at.includes("UserData") || at.includes("Fn::Base64"))
    return "and user data is readable on the instance";
  if (!secureParameter) return undefined;
  const property = at.slice(3).filter((step) => !/^(\d+|Fn::.*)$/.test(step));
  const fits = (secureParameterProperties[type] ?? []).includes(property.join("."));
  return fits ? undefined : `and CloudFormation takes no SecureString in ${property.join(".")} of a ${type}`;
}

function typeOf(document: TemplateDocument, id: string): string {
  const resources = document["Resources"];
  const resource: PlainValue | undefined = isObject(resources) ? resources[id] : undefined;
  const type = isObject(resource) ? resource["Type"] : undefined;
  return typeof type === "string" ? type : "";
}
