/**
 * The end of every run: no more faults, all messages are delivered, and resyncs come until they change
 * nothing.
 */
import type { Execution } from "@kedge/local-cloud/pipeline/execution";
import { pipelineName } from "#release/names/names.ts";
import { clearanceVariables } from "#release/plan/gate.ts";
import { actionNames } from "#release/plan/plan.ts";
import { settle } from "./cloud.ts";
import { type History, type LineHistory, versionOf } from "./history.ts";
import type { Violation } from "./invariants.ts";
import type { Player } from "./player.ts";

/** Calls of the product that change resources. */
const acts =
  /^(CreateStack|UpdateStack|DeleteStack|StartPipelineExecution|StopPipelineExecution|DisableStageTransition|EnableStageTransition|PutObject|DeleteObjects)$/;

export const changesSomething = (operation: string): boolean => acts.test(operation);

const mostResyncs = 12;
const mostMoves = 3000;

type Rest = { readonly rested: boolean; readonly moves: number };

/** `acted` counts the calls that changed a resource. */
export async function comeToRest(player: Player, history: History, acted: () => number): Promise<Rest> {
  let moves = 0;
  for (let resyncs = 0; resyncs < mostResyncs; resyncs += 1) {
    const before = acted();
    for (let more = true; more; moves += 1) {
      if (moves > mostMoves) return { rested: false, moves };
      more = await playOne(player, history);
      history.observe();
    }
    if (resyncs > 0 && acted() === before) return { rested: true, moves };
    for (const { account } of player.cloud.base.estate.anchors) player.resync(account);
  }
  return { rested: false, moves };
}

/** The violation of a line that does not come to rest. */
export const unrest = ({ rested, moves }: Rest): readonly Violation[] =>
  rested ? [] : [{ invariant: "comes-to-rest", seen: `Still changing something after ${moves} moves.` }];

/** Plays the next move of a cloud without faults. Returns false when there is none. */
async function playOne(player: Player, history: History): Promise<boolean> {
  const [event] = player.events();
  if (event !== undefined) {
    await player.handle(event.id);
    return true;
  }
  for (const poll of player.cloud.base.polls) {
    const held = await player.receive(poll);
    if (held.length > 0) {
      await player.batch(poll, held);
      return true;
    }
    const [waiting] = player.messages(poll);
    if (waiting !== undefined) {
      await player.reappear(poll, waiting);
      return true;
    }
  }
  if (await player.tick()) return true;
  for (const line of history.lines) {
    if (await decideApproval(player, line, "Approved")) return true;
  }
  return false;
}

type Waiting = {
  readonly version: string;
  readonly stage: string;
  readonly action: string;
  readonly token: string;
  /** The clearances that the approval shows. */
  readonly clearances: readonly string[];
};

function waitingApproval({ cloud }: Player, { line }: LineHistory): Waiting | undefined {
  const rows = cloud.rows<Execution>("codepipeline", line.account, `executions:${pipelineName(line)}`);
  for (const row of rows) {
    const { actions, place } = row;
    const run = actions.find((each) => each.action === actionNames.approve && each.status === "InProgress");
    const token = run?.details.token;
    if (run === undefined || token === undefined || place !== "inside") continue;
    const clearances = actions.flatMap(
      ({ stage, details }) =>
        (stage === run.stage ? details.outputVariables?.[clearanceVariables.digest] : undefined) ?? [],
    );
    return { version: versionOf(row) ?? "", stage: run.stage, action: run.action, token, clearances };
  }
  return undefined;
}

export const hasApproval = (player: Player, line: LineHistory): boolean =>
  waitingApproval(player, line) !== undefined;

/** Answers the line's pending approval, if there is one. */
export async function decideApproval(
  player: Player,
  history: LineHistory,
  status: "Approved" | "Rejected",
): Promise<boolean> {
  const waiting = waitingApproval(player, history);
  if (waiting === undefined) return false;
  const { version, stage, action, token, clearances } = waiting;
  const { line, rejected, approved } = history;
  if (status === "Rejected") rejected.add(version);
  else for (const clearance of clearances) approved.add(clearance);
  await player.cloud.ask(line.account, "codepipeline", "PutApprovalResult", {
    pipelineName: pipelineName(line),
    stageName: stage,
    actionName: action,
    token,
    result: { status, summary: `${status} in the simulation` },
  });
  await settle(player.cloud.memory);
  return true;
}
