/** Finds a run in progress, together with its declaration and its provider. */

import type { Provider } from "#cloud/action-providers/provider.ts";
import type { Action, Rule } from "#cloud/pipeline/declaration.ts";
import { conditionOf } from "#cloud/pipeline/declaration.ts";
import type { ActionRun, Execution, RuleRun } from "#cloud/pipeline/execution.ts";
import { type Context, engineStateOf, type Line } from "./engine.ts";
import type { PipelineRow } from "./state.ts";
import { findProvider, findRule, timeoutMinutes } from "./types.ts";
import { FALLBACK_PROVIDER } from "./unknown-provider.ts";

export type Found = {
  readonly row: PipelineRow;
  readonly execution: Execution;
  readonly run: ActionRun | RuleRun;
  readonly kind: "action" | "rule";
  readonly declared: Action | Rule;
  readonly provider: Provider;
  readonly timeoutMinutes: number;
  /** The region of the action. */
  readonly region: string;
  readonly label: string;
};

/** Returns undefined when the run has ended or was dropped, or when the pipeline no longer exists. */
export function findRun(
  { stateOf }: Context,
  line: Line,
  which: { readonly execution: string; readonly run: string },
): Found | undefined {
  const state = stateOf(line.account, line.region);
  const row = state.pipelines.get(line.pipeline);
  const execution = state.executions(line.pipeline).get(which.execution);
  const run = [...(execution?.actions ?? []), ...(execution?.rules ?? [])].find(({ id }) => id === which.run);
  if (row === undefined || execution === undefined || run?.status !== "InProgress") return undefined;
  const stage = engineStateOf(state, line.pipeline)
    ?.stagesOf(execution.version)
    .find(({ name }) => name === run.stage);
  if (stage === undefined) return undefined;
  const common = { row, execution, run, label: `codepipeline ${line.pipeline} ${run.stage}` };
  if ("action" in run) {
    const declared = stage.actions.find(({ name }) => name === run.action);
    if (declared === undefined) return undefined;
    const provider = findProvider(state, declared.actionTypeId) ?? FALLBACK_PROVIDER;
    const own = declared.actionTypeId.category === "Approval" ? declared.timeoutInMinutes : undefined;
    return {
      ...common,
      kind: "action",
      declared,
      provider,
      timeoutMinutes: timeoutMinutes(provider, own),
      region: declared.region ?? line.region,
    };
  }
  const declared = conditionOf(stage, run.hook)?.rules.find(({ name }) => name === run.rule);
  if (declared === undefined) return undefined;
  const provider = findRule(declared.ruleTypeId.provider) ?? FALLBACK_PROVIDER;
  return {
    ...common,
    kind: "rule",
    declared,
    provider,
    timeoutMinutes: timeoutMinutes(provider, declared.timeoutInMinutes),
    region: declared.region ?? line.region,
  };
}
