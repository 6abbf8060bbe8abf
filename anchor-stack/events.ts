/**
 * Defines the events that wake a line: events of its pipeline, its pipeline's stack, its application stacks
 * in the target accounts, an approval that begins to wait, and an hourly schedule, so that a lost event only
 * costs time.
 */
import { CfnEventBus, CfnEventBusPolicy, CfnRule } from "aws-cdk-lib/aws-events";
import { CfnEventInvokeConfig, type CfnFunction, CfnPermission } from "aws-cdk-lib/aws-lambda";
import { Aws, Fn } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { type DeadLetters, deadLetters, ruleMaySend } from "#constructs/queue.ts";
import { roleInTheirAccount } from "#constructs/statements.ts";
import { eventBus, functions, pipelinePrefix, queues, roles, rules } from "#release/names/deployed-names.ts";
import { here } from "./arns.ts";

const pipelineEvents = [
  "CodePipeline Pipeline Execution State Change",
  "CodePipeline Stage Execution State Change",
];

type Wake = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly bus?: CfnEventBus;
  readonly pattern?: object;
  readonly schedule?: string;
};

const wakes = (bus: CfnEventBus): readonly Wake[] => [
  {
    id: "PipelineEvents",
    name: rules.pipelines,
    description: "A line's pipeline or one of its stages changed",
    pattern: {
      source: ["aws.codepipeline"],
      "detail-type": pipelineEvents,
      account: [Aws.ACCOUNT_ID],
      detail: { pipeline: [{ prefix: pipelinePrefix }] },
    },
  },
  {
    id: "ApprovalEvents",
    name: rules.approvals,
    description: "A line's approval begins to wait, or an approver has decided it",
    pattern: {
      source: ["aws.codepipeline"],
      "detail-type": ["CodePipeline Action Execution State Change"],
      account: [Aws.ACCOUNT_ID],
      detail: { pipeline: [{ prefix: pipelinePrefix }], type: { category: ["Approval"] } },
    },
  },
  {
    id: "PipelineStackEvents",
    name: rules.pipelineStacks,
    description: "The stack of a line's pipeline changed",
    pattern: stackChange([Aws.ACCOUNT_ID], here("cloudformation", `stack/${pipelinePrefix}`)),
  },
  {
    id: "ApplicationStackEvents",
    name: rules.applicationStacks,
    description: "An application's stack changed in a target account",
    bus,
    pattern: {
      source: ["aws.cloudformation"],
      // The policy of the bus admits the targets alone, and they forward only the events of stacks kedge-app-*. No caller
      // of PutEvents chooses a source of AWS.
      "detail-type": ["CloudFormation Stack Status Change"],
    },
  },
  {
    id: "Hourly",
    name: rules.sweep,
    description: "Every hour Kedge observes all lines and lists orphans",
    schedule: "rate(1 hour)",
  },
];

/**
 * The event pattern of a stack's status changes, by the prefix of its id. A stack with an operation in progress has no
 * outcome yet, so these events are not sent: an update has two of them for each event with an outcome.
 */
export const stackChange = (accounts: readonly string[], idPrefix: string): object => ({
  source: ["aws.cloudformation"],
  "detail-type": ["CloudFormation Stack Status Change"],
  account: accounts,
  detail: {
    "stack-id": [{ prefix: idPrefix }],
    "status-details": { status: [{ "anything-but": { suffix: "_IN_PROGRESS" } }] },
  },
});

/** The rules' names are fixed, so the queue's policy can be written before the rules. */
export function observeDeadLetters(scope: Construct): DeadLetters {
  const ruleArns = [
    ...[rules.pipelines, rules.approvals, rules.pipelineStacks, rules.sweep].map((name) => `rule/${name}`),
    `rule/${eventBus}/${rules.applicationStacks}`,
  ].map((resource) => here("events", resource));
  return deadLetters(scope, "ObserveDeadLetters", {
    name: queues.observeDeadLetters,
    holds: "Events that kedge-observe could not process. The hourly observation of all lines replaces them.",
    senders: (queueArn) => ruleArns.map((arn) => ruleMaySend(arn, queueArn)),
  });
}

export function anchorEvents(
  scope: Construct,
  props: {
    readonly observe: CfnFunction;
    /** Collects orphans every hour; it reports them and removes none. */
    readonly sweep: CfnFunction;
    readonly deadLettersArn: string;
    readonly targetAccounts: readonly string[];
  },
): void {
  const bus = new CfnEventBus(scope, "EventBus", {
    name: eventBus,
    description: "Receives the stack events of this anchor's target accounts, and Kedge's own events",
  });
  new CfnEventBusPolicy(scope, "EventBusPolicy", {
    eventBusName: Fn.ref(bus.logicalId),
    statementId: "TargetsForwardStackEvents",
    statement: {
      Sid: "TargetsForwardStackEvents",
      Effect: "Allow",
      Principal: { AWS: props.targetAccounts }, // an ARN has twice the characters of an id
      Action: "events:PutEvents",
      Resource: bus.attrArn,
      Condition: {
        ArnEquals: { "aws:PrincipalArn": roleInTheirAccount(roles.forwardEvents) },
      },
    },
  });
  new CfnEventInvokeConfig(scope, "ObserveRetries", {
    functionName: props.observe.ref,
    qualifier: "$LATEST",
    maximumRetryAttempts: 2,
    maximumEventAgeInSeconds: 3600,
    destinationConfig: { onFailure: { destination: props.deadLettersArn } },
  });
  for (const wake of wakes(bus)) {
    const invoked =
      wake.schedule === undefined ? ["observe" as const] : ["observe" as const, "sweep" as const];
    const rule = new CfnRule(scope, wake.id, {
      name: wake.name,
      description: wake.description,
      state: "ENABLED",
      ...(wake.bus && { eventBusName: wake.bus.ref }),
      ...(wake.pattern && { eventPattern: wake.pattern }),
      ...(wake.schedule !== undefined && { scheduleExpression: wake.schedule }),
      targets: invoked.map((name) => ({
        id: functions[name],
        arn: props[name].attrArn,
        retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 20 },
        deadLetterConfig: { arn: props.deadLettersArn },
      })),
    });
    for (const name of invoked) {
      new CfnPermission(scope, `${wake.id}${name === "sweep" ? "Orphans" : ""}Permission`, {
        action: "lambda:InvokeFunction",
        functionName: props[name].ref,
        principal: "events.amazonaws.com",
        sourceArn: rule.attrArn,
      });
    }
  }
}
