/** Lists the rule providers of stage conditions. A new provider is a line here. */

import { assumptions } from "#cloud/pipeline/assumptions.ts";
import { cronMatches, wallTime } from "#cloud/pipeline/cron.ts";
import { cloudWatchAlarm } from "./alarm-rule.ts";
import { codeBuildRule } from "./codebuild.ts";
import { commandsRule } from "./commands.ts";
import { invokeFunction } from "./lambda-invoke.ts";
import { DAY, failed, type Job, type Outcome, properties, type RuleProvider } from "./provider.ts";

const variableCheck: RuleProvider = {
  provider: "VariableCheck",
  inputs: [0, 0],
  outputs: [0, 0],
  properties: properties(["Variable", "Value", "Operator"]),
  check: ({ Operator }) =>
    Operator === undefined ||
    Operator.includes("#{") ||
    ["EQ", "NE", "CONTAINS", "MATCHES"].includes(Operator)
      ? undefined
      : "Operator must be one of EQ, NE, CONTAINS, MATCHES",
  timeoutMinutes: DAY,
  start: (job) => Promise.resolve(checkVariable(job)),
};

function checkVariable({ configuration }: Job): Outcome {
  const { Variable = "", Value = "", Operator = "" } = configuration;
  const holds = {
    EQ: () => Variable === Value,
    NE: () => Variable !== Value,
    CONTAINS: () => Variable.includes(Value),
    // Java's matches() compares the whole text.
    MATCHES: () => new RegExp(`^(?:${Value})$`, "s").test(Variable),
  }[Operator];
  if (holds === undefined)
    return failed("ConfigurationError", `The operator ${Operator} is not one of EQ, NE, CONTAINS, MATCHES.`);
  try {
    return holds()
      ? { status: "Succeeded" }
      : failed("RuleFailed", `Variable value ${Variable} did not satisfy ${Operator} ${Value}.`);
  } catch {
    return failed("ConfigurationError", `The value ${Value} is not a regular expression.`);
  }
}

const lambdaInvokeRule: RuleProvider = {
  provider: "LambdaInvoke",
  inputs: [0, 5],
  outputs: [0, 0],
  properties: properties(["FunctionName"], ["UserParameters"]),
  timeoutMinutes: DAY,
  start: invokeFunction,
  observe: invokeFunction,
};

const deploymentWindow: RuleProvider = {
  provider: "DeploymentWindow",
  inputs: [0, 0],
  outputs: [0, 0],
  properties: properties(["Cron"], ["TimeZone"]),
  timeoutMinutes: DAY,
  start: checkWindow,
  observe: checkWindow,
};

function checkWindow(job: Job): Promise<Outcome> {
  const { Cron = "", TimeZone = "UTC" } = job.configuration;
  const now = job.clock.now();
  const time = wallTime(now, TimeZone);
  if (time === undefined)
    return Promise.resolve(failed("ConfigurationError", `The time zone ${TimeZone} is not known.`));
  const open = cronMatches(Cron, time);
  if (open === undefined)
    return Promise.resolve(failed("ConfigurationError", `The cron expression ${Cron} cannot be read.`));
  if (open) return Promise.resolve({ status: "Succeeded" });
  if (!assumptions.deploymentWindowWaits)
    return Promise.resolve(failed("RuleFailed", `It is outside the deployment window ${Cron}.`));
  const nextMinute = new Date(Math.floor(now.getTime() / 60_000 + 1) * 60_000);
  return Promise.resolve({
    status: "InProgress",
    details: { memo: {}, summary: `Waiting for the deployment window ${Cron} (${TimeZone})` },
    again: nextMinute,
  });
}

export const ruleProviders: readonly RuleProvider[] = [
  variableCheck,
  lambdaInvokeRule,
  deploymentWindow,
  cloudWatchAlarm,
  codeBuildRule,
  commandsRule,
];
