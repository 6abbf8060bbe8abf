/**
 * Defines the grants for handlers of custom artifacts: the projects and functions that the estate names, and
 * no others.
 */
import { Aws } from "aws-cdk-lib/core";
import { around } from "#constructs/lists.ts";
import { allow, type Grant } from "#constructs/statements.ts";

const named = {
  when: { StringEquals: { "aws:ResourceAccount": Aws.ACCOUNT_ID } },
  because:
    "CloudFormation joins the list of names as plain text, so account and region are wildcards. The condition limits the account.",
};

/**
 * The boundary has it too: when an application's stack is deleted, the application calls its handler once
 * more.
 */
export const runHandlers = (projects: readonly string[]): Grant =>
  allow(
    ["codebuild:StartBuild", "codebuild:BatchGetBuilds"],
    around("arn:aws:codebuild:*:*:project/", projects, ""),
    named,
  );

export const callHandlers = (functions: readonly string[]): Grant =>
  allow(["lambda:InvokeFunction"], around("arn:aws:lambda:*:*:function:", functions, ""), named);
