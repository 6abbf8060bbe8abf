/**
 * Keeps the applications of one account apart. CloudFormation gives every resource of a stack the stack's tags, its
 * roles included, so IAM can compare the application of the caller with the application of the resource. The
 * statements are part of the boundary; they do not apply to the execution role, which works for all applications.
 */
import { allow, deny, denyAllBut, type Grant } from "#constructs/statements.ts";
import { roles } from "#release/names/deployed-names.ts";
import { tags } from "#release/names/tags.ts";

/**
 * IAM limits the size of the boundary, so the pattern has only the end of the ARN. It is enough, because a role's
 * name is unique in its account, with any path.
 */
const execution = { "aws:PrincipalArn": `*/${roles.cloudformation}` };

/** A role without the tag belongs to no application. The variable has the value `-` for it. */
const ofTheCaller = `\${aws:PrincipalTag/${tags.app},'-'}`;
const ofTheResource = `aws:ResourceTag/${tags.app}`;
const ofAnother = { StringNotLike: { ...execution, [ofTheResource]: ofTheCaller } };

/**
 * Calls between applications. They send an input, or read an address that another application publishes; they
 * change neither code nor data. CloudFormation creates no encrypted parameter, so a tagged parameter has no secret.
 */
const sharedCalls: readonly string[] = [
  "events:PutEvents",
  "kinesis:PutRecord*",
  "lambda:InvokeFunction",
  "sns:Publish",
  "sqs:GetQueueUrl",
  "sqs:SendMessage",
  "ssm:GetParameter*",
  "states:Start*Execution",
];

export const applicationsApart: readonly Grant[] = [
  denyAllBut(sharedCalls, ["*"], { ...ofAnother, Null: { [ofTheResource]: "false" } }),
  // A secret without the tag belongs to its owner alone, and no application gives itself the tag.
  deny(["secretsmanager:GetSecretValue", "secretsmanager:TagResource"], ["*"], ofAnother),
  deny(["*"], ["*"], {
    "ForAnyValue:StringEquals": { "aws:TagKeys": tags.app },
    StringNotLike: { ...execution, [`aws:RequestTag/${tags.app}`]: ofTheCaller },
  }),
  // A session in a container acts as the container's role, and a connection has credentials. Neither passes through
  // the pipeline.
  deny(["ecs:ExecuteCommand", "events:RetrieveConnectionCredentials"], ["*"]),
];

/** Only the execution role writes stacks. A template may nest stacks, so the role needs it. */
export const writeStacks = (stacks: readonly string[]): Grant =>
  allow(["cloudformation:*"], stacks, {
    when: { StringLike: execution },
    because: "Nested stacks have names that begin with the name of their parent.",
  });
