/**
 * Defines the anchor's topic for people and the alarm of a stopped environment. CodePipeline announces each approval on
 * the topic; reconcile adds refusals and broken clearances.
 */
import { CfnAlarm } from "aws-cdk-lib/aws-cloudwatch";
import { CfnTopic, CfnTopicPolicy } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import { metrics, roles, stoppedAlarm, topic } from "#release/names/deployed-names.ts";
import { here, ownRole } from "./arns.ts";
import type { Cache } from "./cache.ts";

export const topicArn = here("sns", topic);

export function notifications(scope: Construct, cache: Cache): void {
  const made = new CfnTopic(scope, "Notifications", {
    topicName: topic,
    displayName: "Kedge",
    // Not SNS's own key: its policy cannot say which roles may use it.
    kmsMasterKeyId: cache.keyArn,
  });
  const denied = (Sid: string, Condition: object): object => ({
    Sid,
    Effect: "Deny",
    Principal: { AWS: "*" },
    Action: ["sns:Publish"],
    Resource: [made.ref],
    Condition,
  });
  new CfnTopicPolicy(scope, "NotificationsPolicy", {
    topics: [made.ref],
    policyDocument: {
      Version: "2012-10-17",
      Statement: [
        denied("TlsOnly", { Bool: { "aws:SecureTransport": "false" } }),
        denied("OnlyPipelinesAndKedgePublish", {
          ArnNotEquals: { "aws:PrincipalArn": [roles.pipeline, roles.reconcile].map(ownRole) },
        }),
      ],
    },
  });
  new CfnAlarm(scope, "StoppedEnvironmentsAlarm", {
    alarmName: stoppedAlarm,
    alarmDescription:
      "A release was not what had been approved. Its environment takes no release until an operator opens it.",
    namespace: metrics.namespace,
    metricName: metrics.stopped,
    statistic: "Sum",
    period: 300,
    evaluationPeriods: 1,
    threshold: 0,
    comparisonOperator: "GreaterThanThreshold",
    treatMissingData: "notBreaching",
  });
}
