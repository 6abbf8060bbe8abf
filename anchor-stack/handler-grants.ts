/**
 * Defines the grants for handlers of custom artifacts: the projects and functions that the estate names
 * only. Applications can start handlers and cannot change them.
 */
import { Aws } from "aws-cdk-lib/core";
import { around } from "#constructs/lists.ts";
import { allow, denyAllBut, type Grant } from "#constructs/statements.ts";
import { handlerPrefix } from "#release/names/deployed-names.ts";
import { inAnyRegion } from "./arns.ts";

const named = {
  when: { StringEquals: { "aws:ResourceAccount": Aws.ACCOUNT_ID } },
  because:
    "CloudFormation joins the list of names as plain text, so account and region are wildcards. The condition limits the account.",
};

export const runHandlers = (projects: readonly string[]): Grant =>
  allow(
    ["codebuild:StartBuild", "codebuild:BatchGetBuilds"],
    around("arn:aws:codebuild:*:*:project/", projects, ""),
    named,
  );

export const callHandlers = (functions: readonly string[]): Grant =>
  allow(["lambda:InvokeFunction"], around("arn:aws:lambda:*:*:function:", functions, ""), named);

/**
 * Members of a StartBuild request that change the commands or the role of a build. CodeBuild's keys name the
 * members that the overrides replace (CodeBuild User Guide, "AWS CodeBuild condition keys").
 */
const overrides = [
  "source.buildspec",
  "source.location",
  "secondarySources",
  "serviceRole",
  "environment.image",
  "environment.certificate",
  "cache",
];

/**
 * For the boundary: when an application's stack is deleted, the application calls its handler once more. It
 * passes the variables of the handler. A variable such as BASH_ENV would run commands of the application.
 */
export const startHandlers: Grant = allow(
  ["codebuild:StartBuild", "codebuild:BatchGetBuilds"],
  [inAnyRegion("codebuild", `project/${handlerPrefix}*`)],
  {
    when: {
      Null: Object.fromEntries(overrides.map((member) => [`codebuild:${member}`, "true"])),
      "ForAllValues:StringLike": { "codebuild:environment.environmentVariables.name": "KEDGE_*" },
    },
    because:
      "The central team gives its projects names with the prefix kedge-handler-. The policy does not grow with their number.",
  },
);

/** For the boundary: an application may invoke a handler function, and do nothing else with it. */
export const handlersStay: Grant = denyAllBut(
  ["lambda:Invoke*", "lambda:List*"],
  [inAnyRegion("lambda", `function:${handlerPrefix}*`)],
);
