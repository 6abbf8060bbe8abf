/** Finds topics by ARN, builds the access requests of calls on them, and throws SNS's errors. */
import type { AccessRequest } from "#cloud/kernel/access.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Call } from "#cloud/kernel/service.ts";
import type { SnsState, Topic } from "./state.ts";

export const invalid = (message: string): AwsError =>
  new AwsError("InvalidParameterException", `Invalid parameter: ${message}`);

export const notFound = (what: string): AwsError =>
  new AwsError("NotFoundException", `${what} does not exist`, 404);

export function locationOf(arn: string | undefined): {
  readonly region: string;
  readonly account: string;
  readonly name: string;
} {
  const [, , service, region = "", account = "", name = ""] = (arn ?? "").split(":");
  if (service !== "sns" || name === "")
    throw invalid(
      `TopicArn Reason: An ARN must have at least 6 elements, not ${(arn ?? "").split(":").length}`,
    );
  return { region, account, name };
}

export function findTopic(
  arn: string | undefined,
  call: Call<SnsState>,
): { readonly topic: Topic; readonly state: SnsState } {
  const { region, account, name } = locationOf(arn);
  const state = call.stateOf(account, region);
  const topic = state.topics.get(name);
  if (topic === undefined) throw notFound("Topic");
  return { topic, state };
}

/** By default the topic's owner may do everything. AWS services need a statement in the topic policy. */
export const defaultPolicy = (arn: string, account: string): string =>
  JSON.stringify({
    Version: "2008-10-17",
    Id: "__default_policy_ID",
    Statement: [
      {
        Sid: "__default_statement_ID",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: [
          "SNS:GetTopicAttributes",
          "SNS:SetTopicAttributes",
          "SNS:AddPermission",
          "SNS:RemovePermission",
          "SNS:DeleteTopic",
          "SNS:Subscribe",
          "SNS:ListSubscriptionsByTopic",
          "SNS:Publish",
        ],
        Resource: arn,
        Condition: { StringEquals: { "AWS:SourceOwner": account } },
      },
    ],
  });

export function topicAccess(
  action: string,
  arn: string | undefined,
  call: Call<SnsState>,
  context: AccessRequest["context"] = {},
): AccessRequest {
  const { region, account, name } = locationOf(arn);
  const topic = call.stateOf(account, region).topics.get(name);
  return {
    action: `sns:${action}`,
    resource: arn ?? "",
    resourceAccount: account,
    resourcePolicy: topic?.attributes["Policy"],
    context,
    ...(topic && { tags: topic.tags }),
  };
}
