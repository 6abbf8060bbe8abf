/**
 * Checks the settings of resources that decide about access and are no policies: public access, encryption, the
 * privileges of builds, URLs of functions, and the values that parameters may have.
 */
import { isObject, type Json } from "@kedge/local-cloud/cloudformation/json";
import type { DeployedEstate } from "./deployed-estate.ts";
import type { Template } from "./deployment.ts";
import type { Violation } from "./violation.ts";

export const settingsInvariant = {
  name: "settings-closed",
  sentence:
    "Buckets block public access, have no ACLs, and are encrypted and versioned. Queues, keys and builds are encrypted. Builds are private and unprivileged. No function has a URL, and no parameter takes a wildcard.",
};

type Setting = {
  readonly type: string;
  /** The path of the property. `*` stands for each item of a list, of which there is at least one. */
  readonly path: string;
  readonly holds: (value: Json | undefined) => boolean;
  readonly demand: string;
};

const is =
  (wanted: Json) =>
  (value: Json | undefined): boolean =>
    value === wanted;
const isText = (value: Json | undefined): boolean => typeof value === "string" && value !== "";

export const settings: readonly Setting[] = [
  ...["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"].map(
    (name): Setting => ({
      type: "AWS::S3::Bucket",
      path: `PublicAccessBlockConfiguration.${name}`,
      holds: is(true),
      demand: "true",
    }),
  ),
  {
    type: "AWS::S3::Bucket",
    path: "OwnershipControls.Rules.*.ObjectOwnership",
    holds: is("BucketOwnerEnforced"),
    demand: "BucketOwnerEnforced",
  },
  {
    type: "AWS::S3::Bucket",
    path: "BucketEncryption.ServerSideEncryptionConfiguration.*.ServerSideEncryptionByDefault.SSEAlgorithm",
    holds: isText,
    demand: "an algorithm",
  },
  {
    type: "AWS::S3::Bucket",
    path: "VersioningConfiguration.Status",
    holds: is("Enabled"),
    demand: "Enabled",
  },
  { type: "AWS::SQS::Queue", path: "SqsManagedSseEnabled", holds: is(true), demand: "true" },
  { type: "AWS::SNS::Topic", path: "KmsMasterKeyId", holds: isText, demand: "a key" },
  { type: "AWS::KMS::Key", path: "EnableKeyRotation", holds: is(true), demand: "true" },
  { type: "AWS::CodeBuild::Project", path: "Visibility", holds: is("PRIVATE"), demand: "PRIVATE" },
  {
    type: "AWS::CodeBuild::Project",
    path: "Environment.PrivilegedMode",
    holds: (value) => value === undefined || value === false,
    demand: "false",
  },
  { type: "AWS::CodeBuild::Project", path: "ServiceRole", holds: isText, demand: "a role" },
  {
    type: "AWS::Lambda::Permission",
    path: "FunctionUrlAuthType",
    holds: is(undefined as never),
    demand: "no URL",
  },
];

/** Types of resources that open a door by being there. */
const closed: Readonly<Record<string, string>> = {
  "AWS::Lambda::Url": "a function of Kedge has no URL",
  "AWS::IAM::User": "people and machines of Kedge are roles",
  "AWS::IAM::AccessKey": "people and machines of Kedge are roles",
};

export function openSettings({ resources, templates }: DeployedEstate): readonly Violation[] {
  const found = resources.flatMap(({ stack, logicalId, type, properties }): readonly string[] => {
    const reason = closed[type];
    if (reason !== undefined) return [`${stack}/${logicalId} is there, and ${reason}.`];
    return settings
      .filter((setting) => setting.type === type)
      .filter(({ path, holds }) => !valuesAt(properties, path.split(".")).every(holds))
      .map(({ path, demand }) => `${stack}/${logicalId} must have ${path}: ${demand}.`);
  });
  const says = [
    ...new Set([...found, ...templates.flatMap(({ stack, template }) => openParameters(stack, template))]),
  ];
  return says.map((each) => ({ invariant: settingsInvariant.name, says: each, path: [] }));
}

/** An absent value is undefined, and so is a list without items. */
function valuesAt(value: Json | undefined, path: readonly string[]): readonly (Json | undefined)[] {
  const [step, ...rest] = path;
  if (step === undefined) return [value];
  if (step === "*") {
    const items = Array.isArray(value) ? (value as readonly Json[]) : [];
    return items.length === 0 ? [undefined] : items.flatMap((item) => valuesAt(item, rest));
  }
  return valuesAt(isObject(value) ? value[step] : undefined, rest);
}

/** Values that would widen a policy in which a parameter stands. */
const wide = ["*", "x*", "arn:aws:iam::*:root", "arn:aws:iam::111111111111:role/*", "?"];

/** Lists of principals may name a whole account, never every account. */
function openParameters(stack: string, { Parameters = {}, Resources }: Template): readonly string[] {
  const written = JSON.stringify(
    Object.values(Resources).flatMap(({ Properties = {} }) => [
      ...["AssumeRolePolicyDocument", "PolicyDocument", "Policies", "KeyPolicy"].map(
        (name) => Properties[name] ?? null,
      ),
    ]),
  );
  return Object.entries(Parameters)
    .filter(([name]) => written.includes(`"Ref":"${name}"`) || written.includes(`\${${name}}`))
    .filter(([, { AllowedPattern, AllowedValues }]) =>
      AllowedValues === undefined
        ? AllowedPattern === undefined ||
          wide.some((each) => new RegExp(`^(?:${AllowedPattern})$`).test(each))
        : AllowedValues.some((each) => each.includes("*")),
    )
    .map(([name]) => `${stack} takes a wildcard as its parameter ${name}, which stands in a policy.`);
}
