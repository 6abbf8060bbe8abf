/**
 * Builds the IAM access requests of CloudFormation's operations: action, resource ARN, tags, condition keys.
 */
import type { AccessRequest, ConditionValue } from "#cloud/kernel/access.ts";
import type { Call } from "#cloud/kernel/service.ts";
import { findStack } from "./find-stack.ts";
import type { State } from "./state.ts";

type Location = Pick<Call<State>, "account" | "region" | "state">;

/** Returns the ARN that IAM checks: the id of an existing stack, or the requested name with `*`. */
function stackArn(nameOrId: string | undefined, call: Location): string {
  if (nameOrId === undefined) return "*";
  if (nameOrId.startsWith("arn:")) return nameOrId;
  return (
    findStack(call.state, nameOrId)?.stackId ??
    `arn:aws:cloudformation:${call.region}:${call.account}:stack/${nameOrId}/*`
  );
}

export function stackAccess(
  action: string,
  nameOrId: string | undefined,
  call: Location,
  context: Readonly<Record<string, ConditionValue | undefined>> = {},
): AccessRequest {
  const stack = nameOrId === undefined ? undefined : findStack(call.state, nameOrId);
  return {
    action: `cloudformation:${action}`,
    resource: stackArn(nameOrId, call),
    context,
    ...(stack && { tags: Object.fromEntries(stack.definition.tags.map((tag) => [tag.Key, tag.Value])) }),
  };
}

/** A caller that passes a role to CloudFormation needs `iam:PassRole` as well. */
export const passRole = (roleArn: string | undefined): readonly AccessRequest[] =>
  roleArn === undefined
    ? []
    : [
        {
          action: "iam:PassRole",
          resource: roleArn,
          resourceAccount: roleArn.split(":")[4] ?? "",
          context: { "iam:PassedToService": "cloudformation.amazonaws.com" },
        },
      ];

type TaggedInput = {
  readonly RoleARN?: string | undefined;
  readonly TemplateURL?: string | undefined;
  readonly StackPolicyURL?: string | undefined;
  readonly ResourceTypes?: readonly string[] | undefined;
  readonly ChangeSetName?: string | undefined;
  readonly Tags?:
    | readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[]
    | undefined;
};

/**
 * Returns the condition keys of a request that carries a template
 * (Service Authorization Reference, "AWS CloudFormation").
 */
export const requestContext = (input: TaggedInput): Record<string, ConditionValue | undefined> => ({
  "cloudformation:RoleArn": input.RoleARN,
  "cloudformation:TemplateUrl": input.TemplateURL,
  "cloudformation:StackPolicyUrl": input.StackPolicyURL,
  "cloudformation:ResourceTypes": input.ResourceTypes,
  "cloudformation:ChangeSetName": input.ChangeSetName,
  ...(input.Tags && input.Tags.length > 0 && { "aws:TagKeys": input.Tags.map((tag) => tag.Key ?? "") }),
  ...Object.fromEntries(
    (input.Tags ?? []).map((tag) => [`aws:RequestTag/${tag.Key ?? ""}`, tag.Value ?? ""]),
  ),
});
