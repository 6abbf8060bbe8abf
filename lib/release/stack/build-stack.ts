/**
 * The stack of an application that a tool outside CloudFormation deploys. One CodeBuild project runs the tool
 * in the target account; a second one undoes its work when the stack is deleted. Both run as a role of the
 * application, within its permissions boundary.
 */

import {
  isObject,
  type PlainObject,
  type PlainValue,
  type TemplateDocument,
} from "#release/document/template-document.ts";
import { cacheKeyAlias } from "#release/names/deployed-names.ts";
import type { Line } from "#release/names/key.ts";
import { artifactFolder, pipelineName } from "#release/names/names.ts";
import { appStackName } from "#release/names/stack-names.ts";
import type { Target } from "#release/traits/targets.ts";
import type { ConfigurationRequest } from "./configuration.ts";
import { boundary } from "./role-boundary.ts";
import { undoFunction } from "./undo-function.ts";

type BuildStack = {
  readonly description: string;
  readonly line: Line;
  readonly target: Target;
  /** The location of the published artifact: `<bucket>/<key>`. */
  readonly location: string;
  /** The version of the object at the location. */
  readonly version: string | undefined;
  readonly image: string;
  readonly compute: string;
  readonly variables: Readonly<Record<string, PlainValue>>;
  /** Fetched by CodeBuild when a build starts, by the name of their variable. */
  readonly secrets: readonly SecretVariable[];
  /** The permissions of the tool. */
  readonly statements: readonly PlainObject[];
  /** The buildspec that takes everything down again. */
  readonly undo: string;
  readonly parameters: PlainObject;
  /** Beside those of the builds. */
  readonly resources?: PlainObject;
  readonly outputs: PlainObject;
};

export type SecretVariable = {
  readonly name: string;
  readonly type: "PARAMETER_STORE" | "SECRETS_MANAGER";
  readonly value: string;
};

const minutes = { build: 45, queued: 10 }; // together less than the hour CloudFormation waits

export const ref = (id: string): PlainObject => ({ Ref: id });
export const sub = (text: string): PlainObject => ({ "Fn::Sub": text });
export const attribute = (id: string, name: string): PlainObject => ({ "Fn::GetAtt": [id, name] });

export const allow = (
  actions: readonly string[],
  resources: readonly PlainValue[],
  when?: PlainObject,
): PlainObject => ({
  Effect: "Allow",
  Action: actions,
  Resource: resources,
  ...(when && { Condition: when }),
});

/** The document that stands for a build's stack until an environment is known: it says where the files were published. */
export const sourceDocument: TemplateDocument = {
  Resources: {
    Source: {
      Type: "AWS::CloudFormation::WaitConditionHandle",
      Metadata: { Location: "{{kedge:bucket}}/{{kedge:zip:.}}" },
    },
  },
};

/** The folder of the artifact's files in the build's input, apart from Kedge's own files. */
export const handedFolder = "app/";

export const handedFiles = (names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [handedFolder + name, name]));

export function sourceLocation(document: TemplateDocument | undefined): string {
  const resources = document?.["Resources"];
  const source = isObject(resources) ? resources["Source"] : undefined;
  const metadata = isObject(source) ? source["Metadata"] : undefined;
  return isObject(metadata) ? String(metadata["Location"]) : "";
}

/** The version of the published artifact in the environment's region. */
export const sourceVersion = (
  location: string,
  { assetVersions }: Pick<ConfigurationRequest, "assetVersions">,
): string | undefined => assetVersions?.[location.slice(location.indexOf("/") + 1)];

export function buildStack(given: BuildStack): TemplateDocument {
  const { description, target, line, location, version, undo, parameters, resources = {}, outputs } = given;
  const name = appStackName(target, line);
  return {
    Description: description,
    ...(Object.keys(parameters).length > 0 && { Parameters: parameters }),
    Resources: {
      Logs: { Type: "AWS::Logs::LogGroup", Properties: { RetentionInDays: 90 } },
      Role: role("codebuild.amazonaws.com", [...given.statements, writeLogs, ...readWhatIsHandedOn(given)]),
      Project: project(given, name, {
        Source: { Type: "CODEPIPELINE" },
        Artifacts: { Type: "CODEPIPELINE" },
      }),
      UndoProject: project(given, `${name}--undo`, {
        Source: { Type: "S3", Location: location, BuildSpec: undo },
        ...(version !== undefined && { SourceVersion: version }),
        Artifacts: { Type: "NO_ARTIFACTS" },
      }),
      ...resources,
      ...undoing(Object.keys(resources)),
    },
    Outputs: { Project: { Value: ref("Project") }, LogGroup: { Value: ref("Logs") }, ...outputs },
  };
}

const role = (service: string, statements: readonly PlainObject[]): PlainObject => ({
  Type: "AWS::IAM::Role",
  Properties: {
    PermissionsBoundary: boundary,
    AssumeRolePolicyDocument: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
    },
    Policies: [{ PolicyName: "own", PolicyDocument: { Version: "2012-10-17", Statement: statements } }],
  },
});

const writeLogs = allow(["logs:CreateLogStream", "logs:PutLogEvents"], [attribute("Logs", "Arn")]);

/**
 * The policy for the pipeline's input to a build, its output, and the published files, for this line alone. The
 * folder of the pipeline's artifacts has the line's code, which no other line has.
 */
function readWhatIsHandedOn({ line, location }: BuildStack): readonly PlainObject[] {
  const bucket = location.slice(0, location.indexOf("/"));
  const handed = `arn:aws:s3:::${bucket}/${artifactFolder(pipelineName(line))}*`;
  const plans = `${handed}/Plan_*`;
  return [
    allow(
      ["s3:GetObject", "s3:GetObjectVersion"],
      [`${handed}/Prepared_*`, plans, `arn:aws:s3:::${location}`],
    ),
    allow(["s3:PutObject"], [plans]),
    allow(
      ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
      [sub(`arn:aws:kms:\${AWS::Region}:${line.account}:key/*`)],
      { "ForAnyValue:StringEquals": { "kms:ResourceAliases": cacheKeyAlias } },
    ),
  ];
}

const project = (
  { image, compute, variables, secrets }: BuildStack,
  name: string,
  ends: PlainObject,
): PlainObject => ({
  Type: "AWS::CodeBuild::Project",
  Properties: {
    Name: name,
    ServiceRole: attribute("Role", "Arn"),
    ...ends,
    Environment: {
      Type: "LINUX_CONTAINER",
      ComputeType: compute,
      Image: image,
      ImagePullCredentialsType: image.startsWith("aws/codebuild/") ? "CODEBUILD" : "SERVICE_ROLE",
      EnvironmentVariables: [
        ...Object.entries(variables).map(([Name, Value]) => ({ Name, Type: "PLAINTEXT", Value })),
        ...secrets.map((secret) => ({ Name: secret.name, Type: secret.type, Value: secret.value })),
      ],
    },
    LogsConfig: { CloudWatchLogs: { Status: "ENABLED", GroupName: ref("Logs") } },
    TimeoutInMinutes: minutes.build,
    QueuedTimeoutInMinutes: minutes.queued,
  },
});

/** Made last and removed first, so that everything an undoing needs is still there. */
const undoing = (others: readonly string[]): PlainObject => ({
  UndoRole: role("lambda.amazonaws.com", [
    writeLogs,
    allow(["codebuild:StartBuild", "codebuild:BatchGetBuilds"], [attribute("UndoProject", "Arn")]),
  ]),
  UndoFunction: {
    Type: "AWS::Lambda::Function",
    Properties: {
      Description: "Undoes what builds of this stack made, when it is deleted",
      Code: { ZipFile: undoFunction },
      Handler: "index.handler",
      Runtime: "nodejs24.x",
      Timeout: 900,
      Role: attribute("UndoRole", "Arn"),
      LoggingConfig: { LogGroup: ref("Logs") },
    },
  },
  // An undoing may take longer than an invocation; the function hands it on to itself.
  UndoGoesOn: {
    Type: "AWS::IAM::RolePolicy",
    Properties: {
      RoleName: ref("UndoRole"),
      PolicyName: "goes-on",
      PolicyDocument: {
        Version: "2012-10-17",
        Statement: [allow(["lambda:InvokeFunction"], [attribute("UndoFunction", "Arn")])],
      },
    },
  },
  Undo: {
    Type: "Custom::KedgeUndo",
    DependsOn: ["UndoGoesOn", "Project", ...others],
    Properties: { ServiceToken: attribute("UndoFunction", "Arn"), Project: ref("UndoProject") },
  },
});
