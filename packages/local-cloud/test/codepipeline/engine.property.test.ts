import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isAwsError } from "#cloud/kernel/aws-error.ts";
import type { Command } from "#cloud/pipeline/engine.ts";
import { type Play, play, stage } from "./play.ts";

const stages = () => [
  stage("Source", "src"),
  { ...stage("Build", "b1", "b2", { name: "b3", order: 2 }), onFailure: { result: "RETRY" as const } },
  {
    ...stage("Deploy", "d1", { name: "ok", order: 2, category: "Approval" }),
    onFailure: { result: "ROLLBACK" as const },
  },
];
const names = ["Source", "Build", "Deploy"];

type Move =
  | { readonly kind: "start" | "update" }
  | { readonly kind: "end"; readonly pick: number; readonly good: boolean }
  | { readonly kind: "stop"; readonly pick: number; readonly abandon: boolean }
  | { readonly kind: "retry"; readonly pick: number; readonly all: boolean }
  | { readonly kind: "rollback"; readonly pick: number; readonly stage: number }
  | { readonly kind: "transition"; readonly stage: number; readonly enabled: boolean };

const pick = fc.nat({ max: 30 });
const stageIndex = fc.nat({ max: 2 });
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: "start" } as const) },
  { weight: 12, arbitrary: fc.record({ kind: fc.constant("end" as const), pick, good: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("stop" as const), pick, abandon: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("retry" as const), pick, all: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("rollback" as const), pick, stage: stageIndex }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("transition" as const),
      stage: stageIndex,
      enabled: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "update" } as const) },
);

const choose = <T>(items: readonly T[], index: number): T | undefined =>
  items[index % Math.max(items.length, 1)];

/** Makes a move. A move that AWS rejects changes no state, and any other error is a defect of the engine. */
function make(pipeline: Play, step: Move): void {
  const command = commandOf(pipeline, step);
  if (command === undefined) return;
  const before = JSON.stringify([pipeline.board(), pipeline.all()]);
  try {
    pipeline.does(command);
  } catch (error) {
    if (!isAwsError(error)) throw error;
    expect(JSON.stringify([pipeline.board(), pipeline.all()])).toBe(before);
  }
}

function commandOf(pipeline: Play, step: Move): Command | undefined {
  const executions = pipeline.all();
  switch (step.kind) {
    case "start":
      return {
        kind: "start",
        id: `e${executions.length}`,
        trigger: { triggerType: "StartPipelineExecution", triggerDetail: "" },
        variables: {},
        sourceRevisions: [],
      };
    case "update": {
      const declaration = pipeline.declaration();
      return { kind: "update", declaration: { ...declaration, version: declaration.version + 1 } };
    }
    case "end": {
      const running = executions.flatMap(({ id, actions }) =>
        actions
          .filter(({ status }) => status === "InProgress")
          .map((run) => ({ execution: id, run: run.id })),
      );
      const found = choose(running, step.pick);
      return found && { kind: "report", ...found, status: step.good ? "Succeeded" : "Failed", details: {} };
    }
    case "stop": {
      const execution = choose(executions, step.pick)?.id;
      return execution === undefined ? undefined : { kind: "stop", execution, abandon: step.abandon };
    }
    case "retry": {
      const found = choose(executions, step.pick);
      return (
        found && {
          kind: "retry",
          stage: found.stage,
          execution: found.id,
          mode: step.all ? "ALL_ACTIONS" : "FAILED_ACTIONS",
        }
      );
    }
    case "rollback": {
      const target = choose(executions, step.pick)?.id;
      return target === undefined ? undefined : { kind: "rollback", stage: names[step.stage] ?? "", target };
    }
    case "transition":
      return {
        kind: "transition",
        stage: names[step.stage] ?? "",
        side: "inbound",
        transition: { enabled: step.enabled, by: "me", at: new Date(0) },
      };
  }
}

/** Checks the invariants that hold after every sequence of moves. */
function check(pipeline: Play, mode: "SUPERSEDED" | "QUEUED" | "PARALLEL"): void {
  const executions = pipeline.all();
  for (const name of names) {
    const slot = pipeline.board().slots[name];
    const inside = executions
      .filter(({ place, stage: at }) => place === "inside" && at === name)
      .map(({ id }) => id);
    const waiting = executions
      .filter(({ place, stage: at }) => place === "waiting" && at === name)
      .map(({ id }) => id);
    if (mode === "PARALLEL") {
      expect(waiting).toEqual([]);
      continue;
    }
    expect(inside).toEqual(slot?.occupant === undefined ? [] : [slot.occupant]);
    expect([...waiting].sort()).toEqual([...(slot?.waiting ?? [])].sort());
    if (mode === "SUPERSEDED") expect(waiting.length).toBeLessThanOrEqual(1);
    const held = slot?.occupant !== undefined || slot?.inbound?.enabled === false;
    if (!held) expect(waiting).toEqual([]);
  }
  for (const execution of executions) {
    const live = execution.status === "InProgress" || execution.status === "Stopping";
    expect(live).toBe(execution.place !== "ended");
    const running = execution.actions.filter(({ status }) => status === "InProgress");
    if (execution.place === "ended") expect(running).toEqual([]);
    // An execution inside a stage always waits for an action or a rule.
    if (execution.place === "inside") expect(running.length).toBeGreaterThan(0);
    expect(running.every((run) => run.stage === execution.stage)).toBe(true);
    const attempts = new Set(running.map((run) => run.action));
    expect(attempts.size).toBe(running.length);
    if (execution.status === "Succeeded" && execution.type === "STANDARD") {
      expect(names.map((name) => execution.stages[name]?.status)).toEqual([
        "Succeeded",
        "Succeeded",
        "Succeeded",
      ]);
    }
  }
}

describe("whatever is done to a pipeline", () => {
  it.each(["SUPERSEDED", "QUEUED", "PARALLEL"] as const)(
    "no execution is lost, stuck or doubled in %s mode",
    (mode) => {
      fc.assert(
        fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
          const declared =
            mode === "PARALLEL" ? stages().map(({ name, actions }) => ({ name, actions })) : stages();
          const pipeline = play(declared, mode);
          for (const step of moves) {
            make(pipeline, step);
            check(pipeline, mode);
          }
        }),
        { numRuns: 150 },
      );
    },
  );
});
