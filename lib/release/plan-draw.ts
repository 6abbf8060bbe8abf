/** A plan as a picture for the terminal: one box for each stage, top to bottom, as the artifact travels. */
import type { Action, Plan, Stage } from "./plan.ts";

const width = 74;
const middle = Math.floor(width / 2);

/** Plain text of at most 76 columns, unless a name is longer. */
export function drawPlan(plan: Plan): string {
  const { line, template, pipeline, region } = plan;
  const head = [
    `${line.app} · ${line.branch}`,
    `release template ${template.name} ${template.version}`,
    `pipeline ${pipeline}`,
    `in ${line.account} (${region})`,
  ];
  const boxes = plan.stages.map((stage) => box(stage)).join(`\n${" ".repeat(middle)}▼\n`);
  return `${head.join("\n")}\n\n${boxes}\n`;
}

function box(stage: Stage): string {
  const target = stage.actions
    .map((action) => ("target" in action ? action.target : undefined))
    .find(Boolean);
  const place = target === undefined ? "" : ` ${target.account} · ${target.region} `;
  const title = ` ${stage.name}${target?.protected ? " (protected)" : ""} `;
  const rule = "─".repeat(Math.max(1, width - 4 - columns(title) - columns(place)));
  const rows = stage.actions.map(row).map((text) => `│ ${pad(text, width - 4)} │`);
  const foot = `╰${"─".repeat(middle - 1)}┬${"─".repeat(width - 2 - middle)}╯`;
  const last = `╰${"─".repeat(width - 2)}╯`;
  const ending = stage.environment !== undefined && stage.actions.length === 0 ? last : foot;
  return [`╭─${title}${rule}${place}─╮`, ...rows, ending].join("\n");
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
      return "verifies the artifact, publishes its parts, rewrites the template";
    case "prepare":
      return `fits parameters to ${action.target.environment}`;
    case "change-set":
      return action.stackName;
    case "approve":
      return `waits up to ${duration(action.timeoutMinutes)} for somebody's yes`;
    case "execute":
      return "deploys exactly that change set";
    case "smoke-input":
      return "the stack's outputs, as variables";
    case "smoke-test":
      return "the artifact's own test";
  }
}

function duration(minutes: number): string {
  if (minutes % 1440 === 0) return plural(minutes / 1440, "day");
  return minutes % 60 === 0 ? plural(minutes / 60, "hour") : plural(minutes, "minute");
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

const columns = (text: string): number => [...text].length;
const pad = (text: string, length: number): string => text + " ".repeat(Math.max(0, length - columns(text)));
