/** A plan as a picture for the terminal: one box for each stage, top to bottom, as the artifact travels. */
import { counted } from "#release/names/counted.ts";
import type { Action, Plan, Stage, Worker } from "./plan.ts";

const narrowest = 74;

/** Plain text of 74 columns, or as many as the longest name needs. */
export function drawPlan(plan: Plan): string {
  const { line, template, pipeline, region } = plan;
  const head = [
    `${line.app} · ${line.branch}`,
    `release template ${template.name} ${template.version}`,
    `pipeline ${pipeline}`,
    `in ${line.account} (${region})`,
  ];
  const rows = plan.stages.flatMap(({ actions }) => actions.map(row));
  const width = Math.max(narrowest, ...rows.map((text) => columns(text) + 4));
  const boxes = plan.stages.map((stage, index) => box(stage, width, index === plan.stages.length - 1));
  return `${head.join("\n")}\n\n${boxes.join(`\n${" ".repeat(width / 2)}▼\n`)}\n`;
}

function box(stage: Stage, width: number, last: boolean): string {
  const target = stage.actions
    .map((action) => ("target" in action ? action.target : undefined))
    .find(Boolean);
  const location = target === undefined ? "" : ` ${target.account} · ${target.region} `;
  const title = ` ${stage.name}${target?.protected ? " (protected)" : ""} `;
  const rule = "─".repeat(Math.max(1, width - 4 - columns(title) - columns(location)));
  const rows = stage.actions.map((action) => `│ ${pad(row(action), width - 4)} │`);
  const left = Math.floor(width / 2) - 1;
  const foot = last ? "─".repeat(width - 2) : `${"─".repeat(left)}┬${"─".repeat(width - 3 - left)}`;
  return [`╭─${title}${rule}${location}─╮`, ...rows, `╰${foot}╯`].join("\n");
}

function row(action: Action): string {
  const sign = action.type === "approve" ? "◆" : "●";
  return `${sign} ${pad(action.name, 11)}${says(action)}`;
}

function says(action: Action): string {
  switch (action.type) {
    case "source":
      return "the release bundle, which names the artifact's version";
    case "package":
      return "verifies the artifact, publishes what it consists of";
    case "prepare":
      return `fits parameters to ${action.target.environment}`;
    case "change-set":
      return action.stackName;
    case "deploy":
      return `updates ${action.stackName}`;
    case "build":
      return `runs the project ${action.project}`;
    case "lambda-deploy":
      return `moves the alias ${action.alias} of ${action.functionName}: ${action.strategy}`;
    case "eks-deploy":
      return `to the cluster ${action.cluster}, namespace ${action.namespace}`;
    case "worker":
      return "migrations" in action.parameters
        ? "runs the migrations that the database does not have yet"
        : works[action.worker];
    case "approve":
      return `waits up to ${duration(action.timeoutMinutes)} for an approver`;
    case "execute":
      return "deploys exactly that change set";
    case "execute-cleared":
      return "deploys exactly what was approved";
    case "smoke-input":
      return "the stack's outputs, as variables";
    case "smoke-test":
      return "the artifact's own test";
  }
}

const works: Readonly<Record<Worker, string>> = {
  verify: "watches the new version and its alarms",
  call: "hands the release to a function of the target",
  site: "publishes files and serves them to visitors",
  prepare: "reads the plan, and checks and sums it up",
  execute: "compares the approver with the uploader",
};

function duration(minutes: number): string {
  if (minutes % 1440 === 0) return counted(minutes / 1440, "day");
  return minutes % 60 === 0 ? counted(minutes / 60, "hour") : counted(minutes, "minute");
}

const columns = (text: string): number => [...text].length;
const pad = (text: string, length: number): string => text + " ".repeat(Math.max(0, length - columns(text)));
