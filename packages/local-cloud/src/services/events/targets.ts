/** Implements PutTargets, RemoveTargets, ListTargetsByRule and ListRuleNamesByTarget. */
import type * as events from "@aws-sdk/client-eventbridge";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { OperationOf } from "#cloud/kernel/service.ts";
import { findBus, findRule, ruleAccess } from "./find-bus.ts";
import { page } from "./page.ts";
import { passRole } from "./rules.ts";
import { type EventsState, type Rule, ruleKey } from "./state.ts";

/** A rule has at most five targets (EventBridge User Guide, "Amazon EventBridge quotas"). */
const PER_RULE = 5;
/** The services that EventBridge can call only with a role. */
const NEED_ROLE = [
  "codepipeline",
  "codebuild",
  "states",
  "kinesis",
  "firehose",
  "ecs",
  "batch",
  "execute-api",
];

/** EventBridge User Guide, "Transforming input in EventBridge", predefined variables. */
const RESERVED = [
  "aws.events.rule-arn",
  "aws.events.rule-name",
  "aws.events.event.ingestion-time",
  "aws.events.event",
  "aws.events.event.json",
];

const invalid = (message: string): AwsError => new AwsError("ValidationException", message);

export const putTargets: OperationOf<typeof events, EventsState, "PutTargets"> = {
  access: ({ Rule: rule, EventBusName, Targets = [] }, call) => [
    ...Targets.map(({ Arn }) =>
      ruleAccess("PutTargets", EventBusName, rule, call, { "events:TargetArn": Arn }),
    ),
    ...Targets.flatMap(({ RoleArn }) => (RoleArn === undefined ? [] : [passRole(RoleArn)])),
  ],
  run: ({ Rule: name, EventBusName, Targets = [] }, call) => {
    const { rule, state } = findRule(EventBusName, name, call);
    for (const target of Targets) checkTarget(target, rule);
    const byId = new Map([...rule.targets, ...Targets].map((target) => [target.Id, target]));
    if (byId.size > PER_RULE)
      throw new AwsError(
        "LimitExceededException",
        "The requested resource exceeds the maximum number allowed.",
      );
    state.rules.set(ruleKey(rule.bus, rule.name), { ...rule, targets: [...byId.values()] });
    return { FailedEntryCount: 0, FailedEntries: [] };
  },
};

function checkTarget(target: events.Target, rule: Rule): void {
  const { Id = "", Arn = "", Input, InputPath, InputTransformer, SqsParameters } = target;
  const [prefix, , service = "", , , resource = ""] = Arn.split(":");
  if (prefix !== "arn" || resource === "")
    throw invalid(`Parameter ${Arn} is not valid. Reason: Provided Arn is not in correct format.`);
  if ([Input, InputPath, InputTransformer].filter((given) => given !== undefined).length > 1)
    throw invalid(`Only one of Input, InputPath, or InputTransformer must be provided for target ${Id}.`);
  if (Input !== undefined) {
    try {
      JSON.parse(Input);
    } catch {
      throw invalid(`Parameter Input for target ${Id} is not valid JSON text.`);
    }
  }
  if (InputTransformer !== undefined) checkTransformer(InputTransformer, Id);
  if (service === "events" && resource.startsWith("event-bus/")) {
    if (target.RoleArn === undefined) throw invalid(`RoleArn is required for target ${Arn}.`);
    const [, , , region, account] = Arn.split(":");
    const foreign = account !== rule.account || region !== rule.region;
    if (foreign && (Input ?? InputPath ?? InputTransformer) !== undefined)
      throw invalid(
        `Input, InputPath, or InputTransformer are not supported for the target event bus ${Arn}.`,
      );
  }
  if (NEED_ROLE.includes(service) && target.RoleArn === undefined)
    throw invalid(`RoleArn is required for target ${Arn}.`);
  const fifo = service === "sqs" && Arn.endsWith(".fifo");
  if (fifo && SqsParameters?.MessageGroupId === undefined)
    throw invalid(`Parameter(s) SqsParameters must be specified for target: ${Id}.`);
  const { MaximumEventAgeInSeconds: age, MaximumRetryAttempts: retries } = target.RetryPolicy ?? {};
  if (age !== undefined && (age < 60 || age > 86_400))
    throw invalid(`Parameter MaximumEventAgeInSeconds of target ${Id} must be between 60 and 86400.`);
  if (retries !== undefined && (retries < 0 || retries > 185))
    throw invalid(`Parameter MaximumRetryAttempts of target ${Id} must be between 0 and 185.`);
  if (target.DeadLetterConfig?.Arn?.endsWith(".fifo"))
    throw invalid(`A FIFO queue cannot be the dead-letter queue of target ${Id}.`);
}

/** A template may use the keys of its map, and the reserved variables that begin with `aws.events.` */
function checkTransformer({ InputPathsMap = {}, InputTemplate }: events.InputTransformer, id: string): void {
  if (InputTemplate === undefined) throw invalid("InputTemplate for target is missing.");
  for (const [, name = ""] of InputTemplate.matchAll(/<([\w.-]+)>/g))
    if (!Object.hasOwn(InputPathsMap, name) && !RESERVED.includes(name))
      throw invalid(
        `InputTemplate for target ${id} is not valid. Reason: <${name}> is not a key of InputPathsMap.`,
      );
}

export const removeTargets: OperationOf<typeof events, EventsState, "RemoveTargets"> = {
  access: ({ Rule: rule, EventBusName }, call) => ruleAccess("RemoveTargets", EventBusName, rule, call),
  run: ({ Rule: name, EventBusName, Ids = [] }, call) => {
    const { rule, state } = findRule(EventBusName, name, call);
    const FailedEntries = Ids.filter((id) => !rule.targets.some(({ Id }) => Id === id)).map((id) => ({
      TargetId: id,
      ErrorCode: "ResourceNotFoundException",
      ErrorMessage: `Rule ${rule.name} does not have a target with the Id ${id}.`,
    }));
    const targets = rule.targets.filter(({ Id = "" }) => !Ids.includes(Id));
    state.rules.set(ruleKey(rule.bus, rule.name), { ...rule, targets });
    return { FailedEntryCount: FailedEntries.length, FailedEntries };
  },
};

export const listTargetsByRule: OperationOf<typeof events, EventsState, "ListTargetsByRule"> = {
  access: ({ Rule: rule, EventBusName }, call) => ruleAccess("ListTargetsByRule", EventBusName, rule, call),
  run: ({ Rule: name, EventBusName, NextToken, Limit }, call) => {
    const { rule } = findRule(EventBusName, name, call);
    const { items, next } = page(rule.targets, ({ Id = "" }) => Id, NextToken, Limit);
    return { Targets: items, ...(next && { NextToken: next }) };
  },
};

export const listRuleNamesByTarget: OperationOf<typeof events, EventsState, "ListRuleNamesByTarget"> = {
  access: ({ EventBusName }, call) => ruleAccess("ListRuleNamesByTarget", EventBusName, "*", call),
  run: ({ TargetArn, EventBusName, NextToken, Limit }, call) => {
    const { bus, state } = findBus(EventBusName, call);
    const mine = [...state.rules.values()].filter(
      (rule) => rule.bus === bus.name && rule.targets.some(({ Arn }) => Arn === TargetArn),
    );
    const { items, next } = page(mine, ({ name }) => name, NextToken, Limit);
    return { RuleNames: items.map(({ name }) => name), ...(next && { NextToken: next }) };
  },
};
