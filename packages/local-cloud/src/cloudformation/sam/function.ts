/**
 * AWS::Serverless::Function: creates the function, its role, its alias, its URL and the resources of its
 * events.
 */
import { isObject, type Json, type JsonObject } from "#cloud/cloudformation/json.ts";
import {
  badUri,
  digest,
  type Expansion,
  getAtt,
  list,
  members,
  object,
  plain,
  ref,
  type SamResource,
  s3Uri,
  samTags,
} from "./document.ts";
import { eventKind } from "./events.ts";
import { roleFor } from "./role.ts";
import { resourceProblem } from "./sam-error.ts";

const copied = [
  "FunctionName",
  "Handler",
  "Runtime",
  "Description",
  "Timeout",
  "MemorySize",
  "Environment",
  "VpcConfig",
  "KmsKeyArn",
  "Layers",
  "FileSystemConfigs",
  "ImageConfig",
  "EphemeralStorage",
  "SnapStart",
  "ReservedConcurrentExecutions",
  "PackageType",
  "Architectures",
  "CodeSigningConfigArn",
  "RuntimeManagementConfig",
  "LoggingConfig",
  "RecursiveLoop",
] as const;

function codeOf(id: string, p: JsonObject, expansion: Expansion): JsonObject {
  const inline = p["InlineCode"];
  if (inline !== undefined) return { ZipFile: inline };
  if (p["PackageType"] === "Image") {
    const image = plain(p["ImageUri"], expansion);
    if (image === undefined) throw resourceProblem(id, "'ImageUri' must be set.");
    return { ImageUri: image };
  }
  const uri = p["CodeUri"];
  if (uri === undefined) throw resourceProblem(id, "Missing required property 'CodeUri'.");
  const location = s3Uri(uri, expansion);
  if (!location) throw resourceProblem(id, badUri("CodeUri"));
  return {
    S3Bucket: location.Bucket,
    S3Key: location.Key,
    ...(location.Version === undefined ? {} : { S3ObjectVersion: location.Version }),
  };
}

export function expandFunction(id: string, source: SamResource, expansion: Expansion): void {
  const { Properties: p, attributes } = source;
  const code = codeOf(id, p, expansion);
  const tags = samTags(p["Tags"]);
  const events = Object.entries(object(p["Events"])).map(([event, body]) => ({
    event,
    body: object(body),
    kind: eventKind(id, event, object(body)["Type"]),
  }));
  const dlq = object(p["DeadLetterQueue"]);
  const tracing = plain(p["Tracing"], expansion);
  const ownRole = p["Role"];
  expansion.resources.set(id, {
    Type: "AWS::Lambda::Function",
    ...attributes,
    Properties: members({
      ...Object.fromEntries(copied.map((name) => [name, p[name]])),
      Code: code,
      Role: ownRole ?? getAtt(`${id}Role`, "Arn"),
      TracingConfig: tracing === undefined || tracing === "Disabled" ? undefined : { Mode: tracing },
      DeadLetterConfig: dlq["TargetArn"] === undefined ? undefined : { TargetArn: dlq["TargetArn"] },
      Tags: tags,
    }),
  });
  if (ownRole === undefined) {
    const managed = [
      "service-role/AWSLambdaBasicExecutionRole",
      ...(p["VpcConfig"] === undefined ? [] : ["service-role/AWSLambdaVPCAccessExecutionRole"]),
      ...(tracing === "Active" ? ["AWSXRayDaemonWriteAccess"] : []),
      ...events.flatMap((one) => (one.kind.managedPolicy === undefined ? [] : [one.kind.managedPolicy])),
    ];
    expansion.resources.set(
      `${id}Role`,
      roleFor({
        id,
        service: "lambda.amazonaws.com",
        properties: p,
        managed: managed.map((name) => ({ "Fn::Sub": `arn:\${AWS::Partition}:iam::aws:policy/${name}` })),
        inline: dlq["TargetArn"] === undefined ? [] : [deadLetterPolicy(dlq)],
        attributes,
        tags,
      }),
    );
  }
  const alias = publish(id, p, code, attributes, expansion);
  functionUrl(id, p, alias, attributes, expansion);
  for (const { event, body, kind } of events) {
    kind.expand({
      function: id,
      event,
      properties: object(body["Properties"]),
      ...(alias === undefined ? {} : { alias }),
      expansion,
      attributes,
      source: p,
    });
  }
  invokeConfig(id, p, alias, attributes, expansion);
}

const deadLetterPolicy = (dlq: JsonObject): JsonObject => ({
  PolicyName: "DeadLetterQueuePolicy",
  PolicyDocument: {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: dlq["Type"] === "SNS" ? "sns:Publish" : "sqs:SendMessage",
        Resource: dlq["TargetArn"] ?? "",
      },
    ],
  },
});

/** Creates a version whose name changes with the code, and the alias that points at it. */
function publish(
  id: string,
  p: JsonObject,
  code: JsonObject,
  attributes: JsonObject,
  expansion: Expansion,
): string | undefined {
  const name = plain(p["AutoPublishAlias"], expansion);
  if (name === undefined) {
    if (p["DeploymentPreference"] !== undefined)
      throw resourceProblem(id, "'DeploymentPreference' requires AutoPublishAlias property to be specified.");
    return undefined;
  }
  if (typeof name !== "string")
    throw resourceProblem(id, "'AutoPublishAlias' must be a string or a Ref to a template parameter");
  const seed = p["AutoPublishCodeSha256"] ?? code;
  const version = `${id}Version${digest(seed)}`;
  const alias = `${id}Alias${name.replace(/[^a-zA-Z0-9]/g, (one) => (one === "-" ? "D" : "U"))}`;
  expansion.resources.set(version, {
    Type: "AWS::Lambda::Version",
    ...attributes,
    DeletionPolicy: "Retain",
    UpdateReplacePolicy: "Retain",
    Properties: members({ FunctionName: ref(id), Description: p["VersionDescription"] }),
  });
  const preference = object(p["DeploymentPreference"]);
  const deploys = p["DeploymentPreference"] !== undefined && preference["Enabled"] !== false;
  expansion.resources.set(alias, {
    Type: "AWS::Lambda::Alias",
    ...attributes,
    ...(deploys
      ? {
          UpdatePolicy: {
            CodeDeployLambdaAliasUpdate: {
              ApplicationName: ref("ServerlessDeploymentApplication"),
              DeploymentGroupName: ref(`${id}DeploymentGroup`),
            },
          },
        }
      : {}),
    Properties: members({
      Name: name,
      FunctionName: ref(id),
      FunctionVersion: getAtt(version, "Version"),
      ProvisionedConcurrencyConfig: p["ProvisionedConcurrencyConfig"],
    }),
  });
  expansion.renamed.set(`${id}.Version`, version);
  expansion.renamed.set(`${id}.Alias`, alias);
  if (deploys) deployment(id, preference, expansion);
  return alias;
}

function deployment(id: string, preference: JsonObject, expansion: Expansion): void {
  expansion.resources.set("ServerlessDeploymentApplication", {
    Type: "AWS::CodeDeploy::Application",
    Properties: { ComputePlatform: "Lambda" },
  });
  const own = preference["Role"];
  if (own === undefined) {
    expansion.resources.set("CodeDeployServiceRole", {
      Type: "AWS::IAM::Role",
      Properties: {
        AssumeRolePolicyDocument: {
          Version: "2012-10-17",
          Statement: [
            {
              Action: ["sts:AssumeRole"],
              Effect: "Allow",
              Principal: { Service: ["codedeploy.amazonaws.com"] },
            },
          ],
        },
        ManagedPolicyArns: [
          { "Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSCodeDeployRoleForLambda" },
        ],
      },
    });
  }
  expansion.resources.set(`${id}DeploymentGroup`, {
    Type: "AWS::CodeDeploy::DeploymentGroup",
    Properties: {
      ApplicationName: ref("ServerlessDeploymentApplication"),
      AutoRollbackConfiguration: {
        Enabled: true,
        Events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
      },
      DeploymentConfigName: {
        "Fn::Sub": [
          "CodeDeployDefault.Lambda${ConfigName}",
          { ConfigName: preference["Type"] ?? "AllAtOnce" },
        ],
      },
      DeploymentStyle: { DeploymentType: "BLUE_GREEN", DeploymentOption: "WITH_TRAFFIC_CONTROL" },
      ServiceRoleArn: own ?? getAtt("CodeDeployServiceRole", "Arn"),
    },
  });
}

function functionUrl(
  id: string,
  p: JsonObject,
  alias: string | undefined,
  attributes: JsonObject,
  expansion: Expansion,
): void {
  const url = p["FunctionUrlConfig"];
  if (!isObject(url)) return;
  const target: Json = ref(alias ?? id);
  expansion.resources.set(`${id}Url`, {
    Type: "AWS::Lambda::Url",
    ...attributes,
    Properties: members({
      TargetFunctionArn: target,
      AuthType: url["AuthType"],
      Cors: url["Cors"],
      InvokeMode: url["InvokeMode"],
    }),
  });
  if (url["AuthType"] !== "NONE") return;
  expansion.resources.set(`${id}UrlPublicPermissions`, {
    Type: "AWS::Lambda::Permission",
    ...attributes,
    Properties: {
      Action: "lambda:InvokeFunctionUrl",
      FunctionName: target,
      Principal: "*",
      FunctionUrlAuthType: "NONE",
    },
  });
}

function invokeConfig(
  id: string,
  p: JsonObject,
  alias: string | undefined,
  attributes: JsonObject,
  expansion: Expansion,
): void {
  const config = p["EventInvokeConfig"];
  if (!isObject(config)) return;
  const destinations = Object.entries(object(config["DestinationConfig"])).map(
    ([on, one]) => [on, members({ Destination: object(one)["Destination"] })] as const,
  );
  expansion.resources.set(`${id}EventInvokeConfig`, {
    Type: "AWS::Lambda::EventInvokeConfig",
    ...attributes,
    Properties: members({
      FunctionName: ref(id),
      Qualifier:
        alias === undefined
          ? "$LATEST"
          : (list(expansion.resources.get(alias)?.["Properties"]).map(object)[0]?.["Name"] ?? "$LATEST"),
      MaximumEventAgeInSeconds: config["MaximumEventAgeInSeconds"],
      MaximumRetryAttempts: config["MaximumRetryAttempts"],
      DestinationConfig: destinations.length === 0 ? undefined : Object.fromEntries(destinations),
    }),
  });
}
