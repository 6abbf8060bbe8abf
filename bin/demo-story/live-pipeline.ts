/**
 * Draws a pipeline from CodePipeline's state: stages, actions, elapsed times, and the reasons for waiting.
 */
import type { styleText } from "node:util";
import type { ActionState, GetPipelineStateOutput, StageState } from "@aws-sdk/client-codepipeline";

type Style = Parameters<typeof styleText>[0];
export type Paint = (style: Style, text: string) => string;

type View = {
  readonly state: GetPipelineStateOutput;
  /** The execution that is followed. */
  readonly execution: string;
  readonly startedAt: Date;
  readonly now: Date;
  readonly paint: Paint;
};

const signs: Readonly<Record<string, readonly [string, Style]>> = {
  InProgress: ["◐", "cyan"],
  Succeeded: ["✔", "green"],
  Failed: ["✘", "red"],
  Abandoned: ["◌", "yellow"],
  Stopped: ["◌", "yellow"],
};

/** Draws one line per stage. A stage that has not begun shows the reason. */
export function drawPipeline(view: View): readonly string[] {
  const { state, paint } = view;
  let before = "the upload";
  return (state.stageStates ?? []).map((stage) => {
    const here = stage.latestExecution?.pipelineExecutionId === view.execution;
    const waitsFor = before;
    before = stage.stageName ?? "";
    const name = (stage.stageName ?? "").padEnd(8);
    if (!here) return `  ${paint("dim", `· ${name}         waits for ${waitsFor}`)}`;
    const [sign, style] = signs[stage.latestExecution?.status ?? ""] ?? ["·", "dim"];
    const actions = (stage.actionStates ?? []).map((action) => drawAction(action, view)).join("  ");
    return `  ${paint(style, sign)} ${name} ${elapsed(stage, view).padStart(6)}  ${actions}`;
  });
}

function drawAction({ actionName = "", latestExecution }: ActionState, { paint, startedAt }: View): string {
  // A run of an earlier execution says nothing about this one.
  const current =
    (latestExecution?.lastStatusChange?.getTime() ?? 0) >= startedAt.getTime()
      ? latestExecution?.status
      : undefined;
  const [sign, style] = signs[current ?? ""] ?? ["·", "dim"];
  const waiting = current === "InProgress" && latestExecution?.token !== undefined;
  return waiting
    ? paint("yellow", `✋ ${actionName}: waits for your decision`)
    : `${paint(style, sign)} ${paint(current === undefined ? "dim" : "reset", actionName)}`;
}

function elapsed(stage: StageState, { startedAt, now }: View): string {
  const changes = (stage.actionStates ?? [])
    .map(({ latestExecution }) => latestExecution?.lastStatusChange?.getTime() ?? 0)
    .filter((time) => time >= startedAt.getTime());
  const running = stage.latestExecution?.status === "InProgress";
  const first = Math.min(...changes, now.getTime());
  const last = running ? now.getTime() : Math.max(...changes, first);
  return `${((last - first) / 1000).toFixed(1)}s`;
}
