/** `kedge approve` and `kedge reject`: shows what waits for a decision, then decides in CodePipeline, which is the authority. */
import {
  CodePipelineClient,
  GetPipelineStateCommand,
  ListActionExecutionsCommand,
  PutApprovalResultCommand,
} from "@aws-sdk/client-codepipeline";
import type { Command } from "commander";
import { formatKey, type Line } from "#release/names/key.ts";
import { pipelineName } from "#release/names/names.ts";
import { type LineOptions, lineOf, withLineOptions } from "./line-options.ts";
import { CommandError, exitCodes } from "./outcome.ts";

type Decision = "Approved" | "Rejected";
type ApproveOptions = LineOptions & {
  readonly summary?: string;
  readonly environment?: string;
  readonly execution?: string;
  readonly json?: boolean;
};

/** An approval action that waits. */
type Pending = {
  readonly stage: string;
  readonly action: string;
  readonly token: string;
  readonly execution: string;
  readonly what: string;
};

export function registerApprove(program: Command): void {
  const verbs: readonly (readonly [string, Decision, string])[] = [
    ["approve", "Approved", "Let the release that waits for approval go on."],
    ["reject", "Rejected", "End the release that waits for approval."],
  ];
  for (const [name, decision, description] of verbs) {
    withLineOptions(program.command(name).description(description))
      .option("--environment <name>", "environment to decide on, when several wait")
      .option("--execution <id>", "decide only if it is this execution that waits")
      .option("--summary <text>", "reason, kept with the decision (at most 512 characters)")
      .option("--json", "print the decision as JSON")
      .action(async (options: ApproveOptions) => decide(decision, options));
  }
}

async function decide(decision: Decision, options: ApproveOptions): Promise<void> {
  const line = await lineOf(options, process.env);
  const codepipeline = new CodePipelineClient({});
  const pending = await pendingApproval(codepipeline, line, options);
  if (!options.json) process.stdout.write(`${pending.what}\n`);
  const { approvedAt } = await codepipeline.send(
    new PutApprovalResultCommand({
      pipelineName: pipelineName(line),
      stageName: pending.stage,
      actionName: pending.action,
      token: pending.token,
      result: { status: decision, summary: options.summary ?? `${decision} with kedge` },
    }),
  );
  const record = {
    decision,
    pipeline: pipelineName(line),
    stage: pending.stage,
    execution: pending.execution,
    at: approvedAt?.toISOString(),
  };
  process.stdout.write(
    options.json
      ? `${JSON.stringify(record)}\n`
      : `${decision}: ${pending.stage} of ${formatKey(line)} (execution ${pending.execution})\n`,
  );
}

async function pendingApproval(
  codepipeline: CodePipelineClient,
  line: Line,
  options: ApproveOptions,
): Promise<Pending> {
  const name = pipelineName(line);
  const state = await codepipeline.send(new GetPipelineStateCommand({ name })).catch((cause: unknown) => {
    if (cause instanceof Error && cause.name === "PipelineNotFoundException") {
      throw new CommandError(
        `There is no pipeline for ${formatKey(line)} (looked for ${name}).`,
        exitCodes.failed,
        { cause },
      );
    }
    throw cause;
  });
  const waiting = (state.stageStates ?? []).flatMap(({ stageName = "", latestExecution, actionStates }) =>
    (actionStates ?? [])
      .filter(({ latestExecution: run }) => run?.status === "InProgress" && run.token !== undefined)
      .map(({ actionName = "", latestExecution: run }) => ({
        stage: stageName,
        action: actionName,
        token: run?.token ?? "",
        execution: latestExecution?.pipelineExecutionId ?? "",
      })),
  );
  const fits = waiting.filter(
    ({ stage, execution }) =>
      stage === (options.environment ?? stage) && execution === (options.execution ?? execution),
  );
  const [first, ...others] = fits;
  if (first === undefined) {
    const seen =
      waiting.length === 0
        ? "nothing waits"
        : `waiting: ${waiting.map(({ stage, execution }) => `${stage} (execution ${execution})`).join(", ")}`;
    throw new CommandError(`No approval to decide in ${formatKey(line)}: ${seen}.`, exitCodes.failed);
  }
  if (others.length > 0)
    throw new CommandError(
      `Several approvals wait: ${fits.map(({ stage }) => stage).join(", ")}. Name one with --environment.`,
    );
  const { actionExecutionDetails } = await codepipeline.send(
    new ListActionExecutionsCommand({ pipelineName: name, filter: { pipelineExecutionId: first.execution } }),
  );
  const run = actionExecutionDetails?.find(
    ({ stageName, actionName }) => stageName === first.stage && actionName === first.action,
  );
  return {
    ...first,
    what: run?.input?.resolvedConfiguration?.["CustomData"] ?? `Approval of ${first.stage}`,
  };
}
