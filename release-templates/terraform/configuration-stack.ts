/**
 * The stack of a Terraform configuration in one environment: the inputs of its builds, and their permissions.
 */

import { parseReferences } from "#release/document/references.ts";
import type { PlainObject, TemplateDocument } from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";
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
import { type Given, given } from "./given.ts";
import { imageOf } from "./settings.ts";

type ConfigurationStack = Given & Pick<ConfigurationRequest, "assetVersions"> & { readonly location: string };

export function configurationStack(request: ConfigurationStack): TemplateDocument {
  const { release, target, settings, rules, location } = request;
  const { line } = release;
  const { directory, arguments: words, variables, bucket, key, lock, cliConfig } = given(request);
  return buildStack({
    description: "A Terraform configuration released by Kedge: its builds, and its end",
    ...{ line, target, location, version: sourceVersion(location, request) },
    image: imageOf(settings, rules),
    compute: settings.compute ?? "BUILD_GENERAL1_SMALL",
    variables: {
      KEDGE_DIRECTORY: directory,
      KEDGE_ARGUMENTS: words,
      KEDGE_VARIABLES: variables,
      KEDGE_CLI_CONFIG: cliConfig,
      STATE_BUCKET: ref("StateBucket"),
      STATE_KEY: key,
      STATE_LOCK: lock,
    },
    secrets: secretsOf(settings),
    statements: statements(request),
    undo: destroySpec,
    parameters: { StateBucket: { Type: "String", Default: bucket } },
    outputs: { StateBucket: { Value: ref("StateBucket") }, StateKey: { Value: key } },
  });
}

function secretsOf({ secrets = {} }: Given["settings"]): readonly SecretVariable[] {
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
const statements = ({ settings, rules }: ConfigurationStack): readonly PlainObject[] => [
  allow(settings.actions ?? rules.actions, ["*"]),
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
