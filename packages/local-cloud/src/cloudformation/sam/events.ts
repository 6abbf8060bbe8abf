/** Expands a function's events: each kind becomes the resources that let its source call the function. */
import { isObject, type Json, type JsonObject } from "#cloud/cloudformation/json.ts";
import { type Expansion, getAtt, list, members, object, ref } from "./document.ts";
import { eventProblem } from "./sam-error.ts";

type FunctionEvent = {
  readonly function: string;
  readonly event: string;
  readonly properties: JsonObject;
  readonly alias?: string;
  readonly expansion: Expansion;
  /** The attributes that the source's resources inherit from the function. */
  readonly attributes: JsonObject;
  readonly source: JsonObject;
};

type Kind = {
  readonly expand: (event: FunctionEvent) => void;
  /** The managed policy with which the function's role may poll the source. */
  readonly managedPolicy?: string;
};

const target = (event: FunctionEvent): JsonObject => ref(event.alias ?? event.function);
const targetArn = (event: FunctionEvent): JsonObject =>
  event.alias === undefined ? getAtt(event.function, "Arn") : ref(event.alias);
const id = (event: FunctionEvent, suffix = ""): string => `${event.function}${event.event}${suffix}`;

const add = (
  event: FunctionEvent,
  logicalId: string,
  Type: string,
  Properties: Readonly<Record<string, Json | undefined>>,
): void => {
  event.expansion.resources.set(logicalId, { Type, ...event.attributes, Properties: members(Properties) });
};

const permit = (
  event: FunctionEvent,
  Principal: string,
  source: Readonly<Record<string, Json | undefined>>,
  suffix = "Permission",
): void =>
  add(event, id(event, suffix), "AWS::Lambda::Permission", {
    Action: "lambda:InvokeFunction",
    FunctionName: target(event),
    Principal,
    ...source,
  });

const rule = (event: FunctionEvent, own: Readonly<Record<string, Json | undefined>>): void => {
  const { properties: p } = event;
  const enabled = p["Enabled"];
  add(event, id(event), "AWS::Events::Rule", {
    ...own,
    Name: p["Name"] ?? p["RuleName"],
    Description: p["Description"],
    State: p["State"] ?? (enabled === undefined ? undefined : enabled === true ? "ENABLED" : "DISABLED"),
    EventBusName: p["EventBusName"],
    Targets: [
      members({
        Arn: targetArn(event),
        Id: object(p["Target"])["Id"] ?? `${id(event)}LambdaTarget`,
        Input: p["Input"],
        InputPath: p["InputPath"],
        InputTransformer: p["InputTransformer"],
        RetryPolicy: p["RetryPolicy"],
        DeadLetterConfig:
          isObject(p["DeadLetterConfig"]) && p["DeadLetterConfig"]["Arn"] !== undefined
            ? p["DeadLetterConfig"]
            : undefined,
      }),
    ],
  });
  permit(event, "events.amazonaws.com", { SourceArn: getAtt(id(event), "Arn") });
};

const mapped = [
  "BatchSize",
  "Enabled",
  "MaximumBatchingWindowInSeconds",
  "FilterCriteria",
  "FunctionResponseTypes",
  "ScalingConfig",
  "StartingPosition",
  "BisectBatchOnFunctionError",
  "MaximumRecordAgeInSeconds",
  "MaximumRetryAttempts",
  "ParallelizationFactor",
  "TumblingWindowInSeconds",
  "DestinationConfig",
] as const;

const mapping =
  (sourceProperty: string) =>
  (event: FunctionEvent): void => {
    const source = event.properties[sourceProperty];
    if (source === undefined)
      throw eventProblem(event.function, event.event, `Missing required property '${sourceProperty}'.`);
    add(event, id(event), "AWS::Lambda::EventSourceMapping", {
      EventSourceArn: source,
      FunctionName: target(event),
      ...Object.fromEntries(mapped.map((name) => [name, event.properties[name]])),
    });
  };

const sns = (event: FunctionEvent): void => {
  const topic = event.properties["Topic"];
  add(event, id(event), "AWS::SNS::Subscription", {
    Endpoint: targetArn(event),
    Protocol: "lambda",
    TopicArn: topic,
    FilterPolicy: event.properties["FilterPolicy"],
    FilterPolicyScope: event.properties["FilterPolicyScope"],
    Region: event.properties["Region"],
    RedrivePolicy: event.properties["RedrivePolicy"],
  });
  permit(event, "sns.amazonaws.com", { SourceArn: topic });
};

const s3 = (event: FunctionEvent): void => {
  const { properties, expansion } = event;
  const named = properties["Bucket"];
  const bucketId = isObject(named) ? named["Ref"] : named;
  const bucket = typeof bucketId === "string" ? expansion.resources.get(bucketId) : undefined;
  if (typeof bucketId !== "string" || bucket?.["Type"] !== "AWS::S3::Bucket") {
    throw eventProblem(
      event.function,
      event.event,
      "S3 events must reference an S3 bucket in the same template.",
    );
  }
  permit(event, "s3.amazonaws.com", { SourceAccount: ref("AWS::AccountId") });
  const bucketProperties = object(bucket["Properties"]);
  const notification = object(bucketProperties["NotificationConfiguration"]);
  const configurations = list(properties["Events"]).map((Event) =>
    members({ Event, Function: targetArn(event), Filter: properties["Filter"] }),
  );
  expansion.resources.set(bucketId, {
    ...bucket,
    DependsOn: [...list(bucket["DependsOn"]), id(event, "Permission")],
    Properties: {
      ...bucketProperties,
      NotificationConfiguration: {
        ...notification,
        LambdaConfigurations: [...list(notification["LambdaConfigurations"]), ...configurations],
      },
    },
  });
};

const logs = (event: FunctionEvent): void => {
  const group = event.properties["LogGroupName"];
  add(event, id(event), "AWS::Logs::SubscriptionFilter", {
    DestinationArn: targetArn(event),
    FilterPattern: event.properties["FilterPattern"] ?? "",
    LogGroupName: group,
  });
  permit(event, "logs.amazonaws.com", {
    SourceArn: {
      "Fn::Sub": [
        "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${__LogGroupName__}:*",
        { __LogGroupName__: group ?? "" },
      ],
    },
  });
};

const scheduler = (event: FunctionEvent): void => {
  const { properties: p } = event;
  const role = id(event, "Role");
  add(
    event,
    role,
    "AWS::IAM::Role",
    members({
      PermissionsBoundary: p["PermissionsBoundary"],
      AssumeRolePolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          {
            Action: ["sts:AssumeRole"],
            Effect: "Allow",
            Principal: { Service: ["scheduler.amazonaws.com"] },
          },
        ],
      },
      Policies: [
        {
          PolicyName: `${role}LambdaPolicy`,
          PolicyDocument: {
            Version: "2012-10-17",
            Statement: [{ Action: "lambda:InvokeFunction", Effect: "Allow", Resource: targetArn(event) }],
          },
        },
      ],
    }),
  );
  add(event, id(event), "AWS::Scheduler::Schedule", {
    Name: p["Name"] ?? id(event),
    ScheduleExpression: p["ScheduleExpression"],
    ScheduleExpressionTimezone: p["ScheduleExpressionTimezone"],
    FlexibleTimeWindow: p["FlexibleTimeWindow"] ?? { Mode: "OFF" },
    Description: p["Description"],
    State: p["State"],
    Target: members({
      Arn: targetArn(event),
      RoleArn: getAtt(role, "Arn"),
      Input: p["Input"],
      RetryPolicy: p["RetryPolicy"],
    }),
  });
};

/** Returns the logical id of the event's API, or of the implicit API when the event names no API. */
function apiOf(event: FunctionEvent, property: string, implicit: string): string {
  const named = event.properties[property];
  if (named === undefined) return implicit;
  const name = isObject(named) ? named["Ref"] : named;
  if (typeof name !== "string") {
    throw eventProblem(
      event.function,
      event.event,
      `${property} property must reference a valid resource in the template.`,
    );
  }
  return name;
}

const route =
  (kind: "rest" | "http") =>
  (event: FunctionEvent): void => {
    const { properties: p, expansion } = event;
    const api =
      kind === "rest"
        ? apiOf(event, "RestApiId", "ServerlessRestApi")
        : apiOf(event, "ApiId", "ServerlessHttpApi");
    const path = p["Path"] ?? (kind === "http" ? "$default" : undefined);
    const method = p["Method"] ?? (kind === "http" ? "any" : undefined);
    if (typeof path !== "string" || typeof method !== "string") {
      throw eventProblem(event.function, event.event, "Api Event must have 'Path' and 'Method'.");
    }
    const routes = expansion.routes.get(api) ?? [];
    const lower = method.toLowerCase() === "any" ? "x-amazon-apigateway-any-method" : method.toLowerCase();
    routes.push({
      path,
      method: lower,
      function: event.function,
      kind,
      ...(event.alias === undefined ? {} : { alias: event.alias }),
      ...(p["Auth"] === undefined ? {} : { auth: p["Auth"] }),
      ...(p["PayloadFormatVersion"] === undefined ? {} : { payload: p["PayloadFormatVersion"] }),
    });
    expansion.routes.set(api, routes);
    const shown = path === "$default" ? "*" : path.replace(/\{[^}]*\}/g, "*").replace(/^\//, "");
    const verb = lower === "x-amazon-apigateway-any-method" ? "*" : method.toUpperCase();
    const source = (stage: string): Json => ({
      "Fn::Sub": [
        `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${__ApiId__}/\${__Stage__}/${kind === "rest" ? `${verb}/${shown}` : shown}`,
        { __ApiId__: ref(api), __Stage__: stage },
      ],
    });
    permit(
      event,
      "apigateway.amazonaws.com",
      { SourceArn: source("*") },
      kind === "rest" ? "PermissionProd" : "Permission",
    );
  };

const kinds: Readonly<Record<string, Kind>> = {
  Api: { expand: route("rest") },
  HttpApi: { expand: route("http") },
  Schedule: { expand: (event) => rule(event, { ScheduleExpression: event.properties["Schedule"] }) },
  ScheduleV2: { expand: scheduler },
  EventBridgeRule: { expand: (event) => rule(event, { EventPattern: event.properties["Pattern"] }) },
  CloudWatchEvent: { expand: (event) => rule(event, { EventPattern: event.properties["Pattern"] }) },
  CloudWatchLogs: { expand: logs },
  SNS: { expand: sns },
  S3: { expand: s3 },
  SQS: { expand: mapping("Queue"), managedPolicy: "service-role/AWSLambdaSQSQueueExecutionRole" },
  DynamoDB: { expand: mapping("Stream"), managedPolicy: "service-role/AWSLambdaDynamoDBExecutionRole" },
  Kinesis: { expand: mapping("Stream"), managedPolicy: "service-role/AWSLambdaKinesisExecutionRole" },
};

export function eventKind(functionId: string, eventId: string, type: Json | undefined): Kind {
  const kind = typeof type === "string" ? kinds[type] : undefined;
  if (kind) return kind;
  throw eventProblem(
    functionId,
    eventId,
    `Event type ${String(type)} is not supported: use one of ${Object.keys(kinds).sort().join(", ")}.`,
  );
}
