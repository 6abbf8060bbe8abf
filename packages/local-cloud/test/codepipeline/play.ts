/**
 * Drives the pure engine by hand: starts executions, ends their actions, and reads the stage of each
 * execution.
 */
import { type Board, emptyBoard } from "#cloud/pipeline/board.ts";
import type { Declaration, ExecutionMode, Stage } from "#cloud/pipeline/declaration.ts";
import type { Effect } from "#cloud/pipeline/draft.ts";
import { type Applied, apply, type Command } from "#cloud/pipeline/engine.ts";
import { currentRun, type Execution } from "#cloud/pipeline/execution.ts";

type ActionSketch =
  | string
  | { readonly name: string; readonly order?: number; readonly category?: "Approval" };

/** `stage("Build", "a", {name: "b", order: 2})` */
export const stage = (name: string, ...actions: readonly ActionSketch[]): Stage => ({
  name,
  actions: actions.map((sketch) => {
    const action = typeof sketch === "string" ? { name: sketch } : sketch;
    return {
      name: action.name,
      actionTypeId: {
        category: name === "Source" ? "Source" : (action.category ?? "Build"),
        owner: "AWS",
        provider: action.category === "Approval" ? "Manual" : "CodeBuild",
        version: "1",
      },
      runOrder: action.order ?? 1,
      configuration: {},
      inputArtifacts: [],
      outputArtifacts: [],
      namespace: `ns-${action.name}`,
    };
  }),
});

export type Play = {
  readonly start: (id?: string) => string;
  readonly does: (command: Command) => Applied;
  /** Ends the action of that name in an execution. */
  readonly ends: (execution: string, action: string, status?: "Succeeded" | "Failed") => void;
  readonly rule: (execution: string, rule: string, status: "Succeeded" | "Failed") => void;
  readonly execution: (id: string) => Execution;
  readonly latest: () => Execution;
  /** Returns the names of the actions in progress, `execution:action`. */
  readonly running: () => readonly string[];
  readonly status: (id: string, stage?: string) => string | undefined;
  readonly waiting: (stage: string) => readonly string[];
  readonly events: () => readonly string[];
  readonly effects: () => readonly Effect[];
  readonly all: () => readonly Execution[];
  readonly board: () => Board;
  readonly declaration: () => Declaration;
};

export function play(stages: readonly Stage[], mode: ExecutionMode = "SUPERSEDED"): Play {
  let declaration: Declaration = {
    name: "p",
    roleArn: "arn:aws:iam::111111111111:role/p",
    stages,
    version: 1,
    executionMode: mode,
    pipelineType: "V2",
  };
  const versions = new Map([[1, stages]]);
  const executions = new Map<string, Execution>();
  let board = emptyBoard();
  const ids: string[] = [];
  let time = 0;
  const effects: Effect[] = [];

  const does = (command: Command): Applied => {
    time += 1000;
    const applied = apply(
      { declaration, board, executions, stagesOf: (version) => versions.get(version) ?? [] },
      command,
      { now: new Date(time), newId: () => `id${ids.push("")}` },
    );
    ({ board, declaration } = applied);
    versions.set(declaration.version, declaration.stages);
    for (const execution of applied.executions) executions.set(execution.id, execution);
    effects.push(...applied.effects);
    return applied;
  };
  const execution = (id: string): Execution => {
    const found = executions.get(id);
    if (found === undefined) throw new Error(`no execution ${id}`);
    return found;
  };
  return {
    does,
    start: (id = `e${executions.size + 1}`) =>
      does({
        kind: "start",
        id,
        trigger: { triggerType: "StartPipelineExecution", triggerDetail: "test" },
        variables: {},
        sourceRevisions: [],
      }).answer,
    ends: (id, action, status = "Succeeded") => {
      const run = currentRun(execution(id), execution(id).stage, action);
      if (run?.status !== "InProgress") throw new Error(`${id}:${action} is not in progress`);
      does({ kind: "report", execution: id, run: run.id, status, details: {} });
    },
    rule: (id, rule, status) => {
      const run = execution(id).rules.findLast((candidate) => candidate.rule === rule);
      does({ kind: "report", execution: id, run: run?.id ?? "", status, details: {} });
    },
    execution,
    latest: () => execution([...executions.keys()].at(-1) ?? ""),
    running: () =>
      [...executions.values()].flatMap(({ id, actions }) =>
        actions.filter(({ status }) => status === "InProgress").map(({ action }) => `${id}:${action}`),
      ),
    status: (id, of) => (of === undefined ? execution(id).status : execution(id).stages[of]?.status),
    waiting: (of) => board.slots[of]?.waiting ?? [],
    events: () =>
      effects.flatMap((effect) => {
        if (effect.kind !== "event") return [];
        const run = execution(effect.execution).actions.find(({ id }) => id === effect.run);
        return `${effect.execution} ${run?.action ?? effect.stage ?? "pipeline"} ${effect.state}`;
      }),
    effects: () => effects,
    all: () => [...executions.values()],
    board: () => board,
    declaration: () => declaration,
  };
}
