/**
 * The stack that represents an artifact in its environment: a record of the handler and its input, and a
 * custom resource that calls the handler with the action `destroy` when the stack is deleted.
 */

import type { PlainObject, TemplateDocument } from "#release/document/template-document.ts";
import { allow, attribute, ref, sub } from "#release/stack/build-stack.ts";
import { boundary } from "#release/stack/role-boundary.ts";
import { undoFunction } from "#release/stack/undo-function.ts";
import { callOnDelete } from "./call-on-delete.ts";
import { type Handed, variablesOf } from "./handed.ts";
import type { Handler } from "./handler.ts";

/** Stands for the stack until its environment is known; the packaged document says where the parts are. */
export const placeholder: TemplateDocument = {
  Resources: {
    Place: {
      Type: "AWS::CloudFormation::WaitConditionHandle",
      Metadata: { Bucket: "{{kedge:bucket}}" },
    },
  },
};

export function handlerStack({ kind, name }: Handler, handed: Handed): TemplateDocument {
  const project = kind === "project";
  const goesOn = project && { GoesOn: goingOn };
  return {
    Description: `Kedge: an artifact handed to the ${kind} ${name}`,
    Resources: {
      Logs: { Type: "AWS::Logs::LogGroup", Properties: { RetentionInDays: 90 } },
      Role: role(project ? projectGrants(name) : functionGrants(name)),
      OnDelete: {
        Type: "AWS::Lambda::Function",
        Properties: {
          Description: `Calls the ${kind} ${name} once more when this stack is deleted`,
          Code: { ZipFile: project ? undoFunction : callOnDelete },
          Handler: "index.handler",
          Runtime: "nodejs24.x",
          Timeout: 900,
          Role: attribute("Role", "Arn"),
          LoggingConfig: { LogGroup: ref("Logs") },
        },
      },
      ...goesOn,
      Handed: {
        Type: "Custom::KedgeHandedOver",
        ...(goesOn && { DependsOn: ["GoesOn"] }),
        Properties: {
          ServiceToken: attribute("OnDelete", "Arn"),
          ...(project ? runs(name, handed) : { Function: name, Payload: JSON.stringify(handed) }),
        },
      },
    },
    Outputs: { Handler: { Value: `${kind} ${name}` } },
  };
}

/** Started outside a pipeline, a project has no source: its own buildspec is run with the variables alone. */
const runs = (name: string, handed: Handed): PlainObject => ({
  Project: name,
  Overrides: {
    sourceTypeOverride: "NO_SOURCE",
    artifactsOverride: { type: "NO_ARTIFACTS" },
    environmentVariablesOverride: Object.entries(variablesOf({ ...handed, action: "destroy" })).map(
      ([variable, value]) => ({ name: variable, value, type: "PLAINTEXT" }),
    ),
  },
});

const projectGrants = (name: string): readonly PlainObject[] => [
  allow(
    ["codebuild:StartBuild", "codebuild:BatchGetBuilds"],
    [sub(`arn:\${AWS::Partition}:codebuild:\${AWS::Region}:\${AWS::AccountId}:project/${name}`)],
  ),
];

const functionGrants = (name: string): readonly PlainObject[] => [
  allow(
    ["lambda:InvokeFunction"],
    [sub(`arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:${name}`)],
  ),
];

const role = (grants: readonly PlainObject[]): PlainObject => ({
  Type: "AWS::IAM::Role",
  Properties: {
    PermissionsBoundary: boundary,
    AssumeRolePolicyDocument: {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
      ],
    },
    Policies: [
      {
        PolicyName: "own",
        PolicyDocument: {
          Version: "2012-10-17",
          Statement: [
            ...grants,
            allow(["logs:CreateLogStream", "logs:PutLogEvents"], [attribute("Logs", "Arn")]),
          ],
        },
      },
    ],
  },
});

/** A build may take longer than an invocation; the function hands it on to itself. */
const goingOn: PlainObject = {
  Type: "AWS::IAM::RolePolicy",
  Properties: {
    RoleName: ref("Role"),
    PolicyName: "goes-on",
    PolicyDocument: {
      Version: "2012-10-17",
      Statement: [allow(["lambda:InvokeFunction"], [attribute("OnDelete", "Arn")])],
    },
  },
};
