/**
 * Defines the deploy role's grants for moving traffic to a new version: aliases of functions, and reading
 * alarms.
 */
import { Aws } from "aws-cdk-lib/core";
import { around } from "#constructs/lists.ts";
import { allow, type Grant } from "#constructs/statements.ts";
import { applicationPrefix, pipelinePrefix } from "#release/names/deployed-names.ts";
import { here } from "./arns.ts";

/**
 * The actions of CodePipeline's Lambda deploy action, as its reference lists them for a published version.
 */
const onAliases = [
  "lambda:GetAlias",
  "lambda:GetFunctionConfiguration",
  "lambda:GetProvisionedConcurrencyConfig",
  "lambda:UpdateAlias",
];

const moveOwnAliases = allow(onAliases, [here("lambda", `function:${applicationPrefix}*`)], {
  because: "CloudFormation names an application's functions after its stack, with the prefix kedge-app-.",
});

const readAlarmsAndLog: readonly Grant[] = [
  allow(["cloudwatch:DescribeAlarms"], [here("cloudwatch", "alarm:*")], {
    because:
      "An artifact's traits name alarms of the target account. Such an alarm stops a shift of traffic.",
  }),
  allow(
    ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
    ["aws", Aws.REGION].map((first) => here("logs", `log-group:/${first}/codepipeline/${pipelinePrefix}*`)),
    {
      because:
        "The action writes to the log group of its pipeline. AWS's action reference has two spellings of the group's name.",
    },
  ),
];

/** The grants for each region. Grants on functions by name apply in all regions. */
export const trafficOfARegion: readonly Grant[] = [moveOwnAliases, ...readAlarmsAndLog];

/** `existing`: names of functions outside of Kedge whose aliases the deploy role may move too. */
export const trafficGrants = (existing: readonly string[]): readonly Grant[] => [
  moveOwnAliases,
  ...["", ":*"].map((suffix) =>
    allow(onAliases, around("arn:aws:lambda:*:*:function:", existing, suffix), {
      when: { StringEquals: { "aws:ResourceAccount": Aws.ACCOUNT_ID } },
      because:
        "CloudFormation joins the list of names as plain text, so account and region are wildcards. The condition limits the account.",
    }),
  ),
  ...readAlarmsAndLog,
];
