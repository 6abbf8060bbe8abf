/**
 * The stack of a Terraform configuration in one environment: the inputs of its builds, and their permissions.
 */

import { parseReferences } from "#release/document/references.ts";
import type { PlainObject, TemplateDocument } from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { lineName } from "#release/names/names.ts";
import {
  allow,
  buildStack,
  ref,
  type SecretVariable,
  sourceVersion,
  sub,
} from "#release/stack/build-stack.ts";
import type { ConfigurationRequest } from "#release/stack/configuration.ts";
import { destroySpec } from "./buildspecs.ts";
import { imageOf, type Settings } from "./settings.ts";

const bucketParameter = "/kedge/terraform/state-bucket";
/** CodeBuild's limit for all variables of a project is 5500 characters. */
const mostVariables = 4000;

type ConfigurationStack = Pick<
  ConfigurationRequest,
  "release" | "target" | "parameters" | "assetVersions"
> & {
  readonly settings: Settings;
  readonly location: string;
};

export function configurationStack(given: ConfigurationStack): TemplateDocument {
  const { release, target, settings, location } = given;
  const { line } = release;
  return buildStack({
    description: "A Terraform configuration released by Kedge: its builds, and its end",
    ...{ line, target, location, version: sourceVersion(location, given) },
    image: imageOf(settings),
    compute: settings.compute ?? "BUILD_GENERAL1_SMALL",
    variables: {
      KEDGE_DIRECTORY: directoryOf(given),
      KEDGE_ARGUMENTS: ["-input=false", ...varFiles(given)].join(" "),
      KEDGE_VARIABLES: variablesOf(given),
      STATE_BUCKET: ref("StateBucket"),
      STATE_KEY: stateKey(given),
      STATE_LOCK: settings.lockTable ? `dynamodb_table=${settings.lockTable}` : "use_lockfile=true",
    },
    secrets: secretsOf(settings),
    statements: statements(given),
    undo: destroySpec,
    parameters: { StateBucket: stateBucket(settings) },
    outputs: { StateBucket: { Value: ref("StateBucket") }, StateKey: { Value: stateKey(given) } },
  });
}

/** CloudFormation asks the parameter store of the target for it, before it changes anything. */
const stateBucket = ({ stateBucket: given }: Settings): PlainObject =>
  given === undefined
    ? { Type: "AWS::SSM::Parameter::Value<String>", Default: bucketParameter }
    : { Type: "String", Default: given };

const stateKey = ({ release, target }: ConfigurationStack): string =>
  `${lineName(release.line)}/${target.environment}.tfstate`;

const directoryOf = ({ settings, release }: ConfigurationStack): string =>
  settings.directory ?? String(release.manifest.facts["directory"]);

/** From the general name of the environment to its own: terraform lets the later win. */
function varFiles({ release, target }: ConfigurationStack): readonly string[] {
  const files = release.manifest.facts["varFiles"] as Readonly<Record<string, string>>;
  return target.names.flatMap((name) => (files[name] === undefined ? [] : [`-var-file=${files[name]}`]));
}

function variablesOf({ parameters, target }: ConfigurationStack): string {
  const text = JSON.stringify(parameters.values);
  if (text.length <= mostVariables) return text;
  const seen = `The parameters of ${target.environment} have ${text.length} characters; a build takes ${mostVariables}. Move some to a .tfvars file.`;
  throw new ReleaseError("ParametersMalformed", seen);
}

function secretsOf({ secrets = {} }: Settings): readonly SecretVariable[] {
  return Object.entries(secrets).map(([variable, said]): SecretVariable => {
    const name = `TF_VAR_${variable}`;
    const [only, ...more] = parseReferences(said).pieces;
    if (only?.kind === "ssm" && more.length === 0)
      return {
        name,
        type: "PARAMETER_STORE",
        value: only.version ? `${only.name}:${only.version}` : only.name,
      };
    if (only?.kind === "secret" && more.length === 0)
      return { name, type: "SECRETS_MANAGER", value: only.key ? `${only.name}:${only.key}` : only.name };
    const seen = `The secret ${variable} is not a single reference; expected \${ssm:/path}, \${secret:name} or \${secret:name:key}.`;
    throw new ReleaseError("SettingsMalformed", seen);
  });
}

/** Permissions that every configuration needs, and those of this configuration. */
const statements = ({ settings }: ConfigurationStack): readonly PlainObject[] => [
  allow(settings.actions ?? ["*"], ["*"]),
  allow(["s3:ListBucket"], [sub("arn:aws:s3:::${StateBucket}")]),
  allow(["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], [sub("arn:aws:s3:::${StateBucket}/*")]),
  ...(settings.lockTable === undefined
    ? []
    : [
        allow(
          ["dynamodb:DescribeTable", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"],
          [sub(`arn:aws:dynamodb:\${AWS::Region}:\${AWS::AccountId}:table/${settings.lockTable}`)],
        ),
      ]),
  ...(settings.secrets === undefined
    ? []
    : [
        allow(
          ["ssm:GetParameters", "secretsmanager:GetSecretValue", "kms:Decrypt"],
          ["ssm", "secretsmanager", "kms"].map((service) =>
            sub(`arn:aws:${service}:\${AWS::Region}:\${AWS::AccountId}:*`),
          ),
        ),
      ]),
];
