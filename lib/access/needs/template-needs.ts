/**
 * Derives needs from the templates: queues that feed Lambdas, rules with targets, logs, and the services that
 * assume roles.
 */

import { isObject, type Json } from "@kedge/local-cloud/cloudformation/json";
import type { DeployedEstate } from "#access/deployed-estate.ts";
import type { Deployed } from "#access/deployment.ts";
import { roles } from "#release/names/deployed-names.ts";
import { everywhere, type Need, needs } from "./need.ts";

type At = (type: string) => (each: Deployed, lookup: Lookup) => readonly Need[];
type Lookup = {
  /** The resource of this stack with this ARN, logical id or name. */
  readonly found: (value: Json | undefined) => Deployed | undefined;
  readonly roleOf: (each: Deployed | undefined) => string;
};

export function templateNeeds({ resources }: DeployedEstate): readonly Need[] {
  const all = resources.flatMap((each): readonly Need[] => {
    const found = (value: Json | undefined): Deployed | undefined =>
      resources.find(
        ({ account, arn, logicalId, properties }) =>
          account === each.account &&
          (arn === value ||
            logicalId === value ||
            (value !== undefined &&
              [properties["FunctionName"], properties["LogGroupName"]].includes(value))),
      );
    const roleOf = (made: Deployed | undefined): string => {
      const arn = made?.properties["Role"] ?? made?.properties["ServiceRole"];
      return String(found(arn)?.properties["RoleName"] ?? "");
    };
    return readers[each.type]?.(each, { found, roleOf }) ?? [];
  });
  const seen = new Set<string>();
  return all.filter(({ who, action, at }) => {
    const key = `${who} ${action} ${at.join()}`;
    return at.length > 0 && at[0] !== "" && !seen.has(key) && seen.add(key);
  });
}

const idOf = (made: Deployed | undefined): readonly string[] => (made ? [made.logicalId] : []);
const logs = "logs:CreateLogStream logs:PutLogEvents";

const planNeeds: readonly Need[] = [
  ...needs(
    roles.plan,
    "s3:GetObject s3:GetObjectVersion",
    everywhere(["a pipeline's artifact"]),
    "CodeBuild reads its source",
  ),
  ...needs(roles.plan, "s3:PutObject", everywhere(["a build's plan"]), "CodeBuild hands the plan on"),
  ...needs(roles.plan, "kms:Decrypt kms:GenerateDataKey", everywhere(["CacheKey"]), "both are encrypted"),
  ...needs(roles.plan, logs, everywhere(["streams of PlanLogs"]), "CodeBuild writes the build's log"),
  ...needs(roles.plan, "s3:GetObject", ["a state"], "a plan compares the configuration with its state"),
];

const readers: Readonly<Record<string, ReturnType<At>>> = {
  "AWS::Lambda::EventSourceMapping": ({ properties }, { found, roleOf }) =>
    needs(
      roleOf(found(properties["FunctionName"])),
      "sqs:ReceiveMessage sqs:DeleteMessage sqs:GetQueueAttributes",
      idOf(found(properties["EventSourceArn"])),
      "Lambda polls the queue as the function's role",
    ),
  "AWS::Lambda::Function": (each, { found, roleOf }) => {
    const config = each.properties["LoggingConfig"];
    const group = found(isObject(config) ? config["LogGroup"] : undefined);
    return [
      ...needs(
        roleOf(each),
        logs,
        group ? [`streams of ${group.logicalId}`] : [],
        "Lambda writes the function's log",
      ),
      ...needs(
        "lambda.amazonaws.com",
        "sts:AssumeRole",
        idOf(found(each.properties["Role"])),
        "Lambda runs the function",
      ),
    ];
  },
  "AWS::Lambda::EventInvokeConfig": ({ properties }, { found, roleOf }) => {
    const destination = path(properties, "DestinationConfig", "OnFailure", "Destination");
    const why = "Lambda sends failed events to the function's destination";
    return needs(roleOf(found(properties["FunctionName"])), "sqs:SendMessage", idOf(found(destination)), why);
  },
  "AWS::CodeBuild::Project": (each, { found, roleOf }) => {
    const group = found(path(each.properties, "LogsConfig", "CloudWatchLogs", "GroupName"));
    const role = roleOf(each);
    return [
      ...needs(
        role,
        logs,
        group ? [`streams of ${group.logicalId}`] : [],
        "CodeBuild writes the build's log",
      ),
      ...(role === roles.plan
        ? planNeeds
        : [
            ...needs(
              role,
              "s3:GetObject s3:GetObjectVersion",
              ["a former smoke test's input"],
              "CodeBuild reads its source",
            ),
            ...needs(
              role,
              "kms:Decrypt",
              idOf(found(each.properties["EncryptionKey"])),
              "its source is encrypted",
            ),
          ]),
      ...needs(
        "codebuild.amazonaws.com",
        "sts:AssumeRole",
        idOf(found(each.properties["ServiceRole"])),
        "CodeBuild runs the project",
      ),
    ];
  },
  "AWS::Events::Rule": ({ properties, arn }, { found }) => {
    const targets = (Array.isArray(properties["Targets"]) ? properties["Targets"] : []) as readonly Json[];
    return targets.flatMap((target) => {
      if (!isObject(target)) return [];
      const made = found(target["Arn"]);
      const role = found(target["RoleArn"]);
      const call = made?.type === "AWS::Lambda::Function" ? "lambda:InvokeFunction" : "sqs:SendMessage";
      const lost = found(path(target, "DeadLetterConfig", "Arn"));
      const why = "EventBridge delivers the rule's events";
      return [
        ...(role
          ? [
              ...needs(String(role.properties["RoleName"]), "events:PutEvents", ["EventBus"], why),
              ...needs(`events.amazonaws.com for ${arn}`, "sts:AssumeRole", [role.logicalId], why),
            ]
          : needs(`events.amazonaws.com for ${arn}`, call, idOf(made), why)),
        ...needs(
          `events.amazonaws.com for ${arn}`,
          "sqs:SendMessage",
          idOf(lost),
          "EventBridge keeps events that it could not deliver",
        ),
      ];
    });
  },
  "AWS::S3::Bucket": ({ properties, arn }, { found }) => {
    const to = path(properties, "LoggingConfiguration", "DestinationBucketName");
    const why = "S3 writes the bucket's access log";
    const notified = path(properties, "NotificationConfiguration", "QueueConfigurations");
    return [
      ...(to === undefined
        ? []
        : needs(`logging.s3.amazonaws.com for ${arn}`, "s3:PutObject", ["an access log"], why)),
      ...(Array.isArray(notified) ? (notified as readonly Json[]) : []).flatMap((each) =>
        needs(
          `s3.amazonaws.com for ${arn}`,
          "sqs:SendMessage",
          idOf(found(path(each, "Queue"))),
          "S3 sends the bucket's notifications",
        ),
      ),
    ];
  },
  "AWS::ServiceCatalog::LaunchRoleConstraint": () =>
    needs(
      "servicecatalog.amazonaws.com",
      "sts:AssumeRole",
      ["LaunchRole"],
      "the product is launched as this role",
    ),
};

function path(from: Json | undefined, ...steps: readonly string[]): Json | undefined {
  let value = from;
  for (const step of steps) value = isObject(value) ? value[step] : undefined;
  return value;
}
