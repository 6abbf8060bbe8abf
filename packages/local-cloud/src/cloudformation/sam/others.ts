/** AWS::Serverless::SimpleTable, LayerVersion and StateMachine. */
import { isObject, type Json, type JsonObject } from "#cloud/cloudformation/json.ts";
import {
  badUri,
  digest,
  type Expansion,
  getAtt,
  members,
  object,
  ref,
  type SamResource,
  s3Uri,
} from "./document.ts";
import { roleFor } from "./role.ts";
import { eventProblem, resourceProblem } from "./sam-error.ts";

const keyTypes: Readonly<Record<string, string>> = { String: "S", Number: "N", Binary: "B" };

export function expandTable(
  id: string,
  { Properties: p, attributes }: SamResource,
  expansion: Expansion,
): void {
  const key = object(p["PrimaryKey"] ?? { Name: "id", Type: "String" });
  const type = keyTypes[String(key["Type"])];
  if (type === undefined)
    throw resourceProblem(id, `'PrimaryKey' must have a 'Type' of String, Number or Binary.`);
  const AttributeName = key["Name"] ?? "id";
  expansion.resources.set(id, {
    Type: "AWS::DynamoDB::Table",
    ...attributes,
    Properties: members({
      AttributeDefinitions: [{ AttributeName, AttributeType: type }],
      KeySchema: [{ AttributeName, KeyType: "HASH" }],
      BillingMode: p["ProvisionedThroughput"] === undefined ? "PAY_PER_REQUEST" : undefined,
      ProvisionedThroughput: p["ProvisionedThroughput"],
      TableName: p["TableName"],
      SSESpecification: p["SSESpecification"],
      PointInTimeRecoverySpecification: p["PointInTimeRecoverySpecification"],
      Tags:
        p["Tags"] === undefined
          ? undefined
          : Object.entries(object(p["Tags"])).map(([Key, Value]) => ({ Key, Value })),
    }),
  });
}

/** A layer's logical id changes with its content, because layer versions are only added and never changed. */
export function expandLayer(
  id: string,
  { Properties: p, attributes }: SamResource,
  expansion: Expansion,
): void {
  const location = s3Uri(p["ContentUri"], expansion);
  if (!location) throw resourceProblem(id, badUri("ContentUri"));
  const policy = p["RetentionPolicy"] === "Delete" ? "Delete" : "Retain";
  const properties = members({
    LayerName: p["LayerName"] ?? id,
    Description: p["Description"],
    Content: members({ S3Bucket: location.Bucket, S3Key: location.Key, S3ObjectVersion: location.Version }),
    CompatibleRuntimes: p["CompatibleRuntimes"],
    CompatibleArchitectures: p["CompatibleArchitectures"],
    LicenseInfo: p["LicenseInfo"],
  });
  const name = `${id}${digest(properties)}`;
  expansion.resources.set(name, {
    Type: "AWS::Lambda::LayerVersion",
    ...attributes,
    DeletionPolicy: policy,
    UpdateReplacePolicy: policy,
    Properties: properties,
  });
  expansion.renamed.set(id, name);
}

export function expandStateMachine(
  id: string,
  { Properties: p, attributes }: SamResource,
  expansion: Expansion,
): void {
  const location = p["DefinitionUri"] === undefined ? undefined : s3Uri(p["DefinitionUri"], expansion);
  if (p["Definition"] === undefined && !location) {
    throw resourceProblem(
      id,
      p["DefinitionUri"] === undefined
        ? "Either 'Definition' or 'DefinitionUri' property must be specified."
        : badUri("DefinitionUri"),
    );
  }
  const tags = [
    { Key: "stateMachine:createdBy", Value: "SAM" },
    ...Object.entries(object(p["Tags"])).map(([Key, Value]) => ({ Key, Value })),
  ];
  if (p["Role"] === undefined) {
    expansion.resources.set(
      `${id}Role`,
      roleFor({ id, service: "states.amazonaws.com", properties: p, managed: [], attributes, tags }),
    );
  }
  expansion.resources.set(id, {
    Type: "AWS::StepFunctions::StateMachine",
    ...attributes,
    Properties: members({
      DefinitionString: p["Definition"] === undefined ? undefined : JSON.stringify(p["Definition"]),
      DefinitionS3Location:
        location && members({ Bucket: location.Bucket, Key: location.Key, Version: location.Version }),
      DefinitionSubstitutions: p["DefinitionSubstitutions"],
      RoleArn: p["Role"] ?? getAtt(`${id}Role`, "Arn"),
      StateMachineName: p["Name"],
      StateMachineType: p["Type"],
      LoggingConfiguration: p["Logging"],
      TracingConfiguration: p["Tracing"],
      Tags: tags,
    }),
  });
  for (const [event, body] of Object.entries(object(p["Events"])))
    machineEvent(id, event, object(body), attributes, expansion);
}

function machineEvent(
  id: string,
  event: string,
  body: JsonObject,
  attributes: JsonObject,
  expansion: Expansion,
): void {
  const p = object(body["Properties"]);
  const trigger: Record<string, Json | undefined> | undefined =
    body["Type"] === "Schedule"
      ? { ScheduleExpression: p["Schedule"] }
      : body["Type"] === "EventBridgeRule" || body["Type"] === "CloudWatchEvent"
        ? { EventPattern: p["Pattern"], EventBusName: p["EventBusName"] }
        : undefined;
  if (!trigger)
    throw eventProblem(
      id,
      event,
      `Event type ${String(body["Type"])} is not supported for a state machine: use Schedule or EventBridgeRule.`,
    );
  const role = `${id}${event}Role`;
  expansion.resources.set(`${id}${event}`, {
    Type: "AWS::Events::Rule",
    ...attributes,
    Properties: members({
      ...trigger,
      Targets: [
        members({
          Arn: ref(id),
          Id: `${id}${event}StepFunctionsTarget`,
          RoleArn: getAtt(role, "Arn"),
          Input: p["Input"],
        }),
      ],
    }),
  });
  expansion.resources.set(role, {
    Type: "AWS::IAM::Role",
    ...attributes,
    Properties: {
      AssumeRolePolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          { Action: ["sts:AssumeRole"], Effect: "Allow", Principal: { Service: ["events.amazonaws.com"] } },
        ],
      },
      Policies: [
        {
          PolicyName: `${role}StartExecutionPolicy`,
          PolicyDocument: {
            Version: "2012-10-17",
            Statement: [{ Action: "states:StartExecution", Effect: "Allow", Resource: ref(id) }],
          },
        },
      ],
    },
  });
}

/** Rejects the types for which SAM would need another service. */
export function rejectType(id: string, { Type: type }: SamResource): never {
  throw resourceProblem(
    id,
    type === "AWS::Serverless::Application"
      ? "AWS::Serverless::Application is not served here: use AWS::CloudFormation::Stack for a nested template."
      : `${type} is not supported: write the resources it stands for.`,
  );
}

export const isSam = (value: Json): value is JsonObject =>
  isObject(value) && String(value["Type"]).startsWith("AWS::Serverless::");
