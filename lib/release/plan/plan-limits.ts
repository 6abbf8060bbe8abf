/**
 * Checks a plan against the limits of CodePipeline. A plan beyond them is rejected before Kedge creates a
 * resource.
 */

import { ReleaseError } from "#release/errors/errors.ts";
import { canonicalJson, sha256Hex } from "#release/names/digest.ts";
import type { Action, ActionType, Plan } from "./plan.ts";

const limits = {
  stages: { least: 2, most: 50 },
  actionsInStage: { least: 1, most: 50 },
  actions: { least: 2, most: 1000 },
  order: { least: 1, most: 999 },
  approvalTimeoutMinutes: { least: 5, most: 86_400 },
  configurationValue: { least: 1, most: 1000 },
} as const;

const name = /^[A-Za-z0-9.@_-]{1,100}$/;
const artifactName = /^[A-Za-z0-9_-]{1,100}$/;
const namespace = /^[A-Za-z0-9@_-]{1,100}$/;

/** The fingerprint a deployed pipeline is recognised by. */
export const planDigest = (plan: Plan): string => sha256Hex(canonicalJson(plan));

/** Returns the plan, or throws `PlanOutOfLimits` with every value beyond a limit. */
export function checkPlan(plan: Plan): Plan {
  const problems = [...shapeProblems(plan), ...artifactProblems(plan)];
  if (problems.length === 0) return plan;
  throw new ReleaseError(
    "PlanOutOfLimits",
    `The plan of ${plan.pipeline} cannot be a pipeline: ${problems.join(" ")}`,
  );
}

function inputsOf(action: Action): readonly string[] {
  if ("inputs" in action) return action.inputs;
  return "input" in action && action.input !== undefined ? [action.input] : [];
}

function outputsOf(action: Action): readonly string[] {
  return "output" in action && action.output !== undefined ? [action.output] : [];
}

function* shapeProblems(plan: Plan): Generator<string> {
  if (!name.test(plan.pipeline)) yield `CodePipeline does not accept the pipeline's name ${plan.pipeline}.`;
  yield* outside("stages", plan.stages.length, "The pipeline has", "stages");
  const actions = plan.stages.reduce((sum, stage) => sum + stage.actions.length, 0);
  yield* outside("actions", actions, "The pipeline has", "actions");
  yield* repeated(plan.stages.map((stage) => stage.name)).map((twice) => `Two stages are named ${twice}.`);
  for (const [index, stage] of plan.stages.entries()) {
    if (!name.test(stage.name)) yield `CodePipeline does not accept the stage name ${stage.name}.`;
    yield* outside("actionsInStage", stage.actions.length, `Stage ${stage.name} has`, "actions");
    const twice = repeated(stage.actions.map((action) => action.name));
    yield* twice.map((each) => `Stage ${stage.name} has two actions named ${each}.`);
    for (const action of stage.actions) {
      const location = `${stage.name}/${action.name}`;
      if (!name.test(action.name)) yield `CodePipeline does not accept the action name ${location}.`;
      if ((action.type === "source") !== (index === 0))
        yield `${location}: the first stage has source actions only, and no other stage has them.`;
      yield* outside("order", action.order, `${location} has`, "as its order");
      yield* actionProblems(action, location);
    }
  }
}

const actionTypes: Readonly<Record<ActionType, true>> = {
  source: true,
  package: true,
  prepare: true,
  "change-set": true,
  deploy: true,
  build: true,
  "lambda-deploy": true,
  "eks-deploy": true,
  worker: true,
  approve: true,
  execute: true,
  "execute-cleared": true,
  "smoke-input": true,
  "smoke-test": true,
};

function* actionProblems(action: Action, location: string): Generator<string> {
  if (!Object.hasOwn(actionTypes, action.type)) yield `${location} has the unknown kind ${action.type}.`;
  if (action.type === "approve") {
    yield* outside("approvalTimeoutMinutes", action.timeoutMinutes, `${location} waits`, "minutes");
    yield* outside(
      "configurationValue",
      action.message.length,
      `The message of ${location} has`,
      "characters",
    );
  }
  if (action.type === "build") {
    const list = Object.entries(action.variables).map(([name, value]) => ({
      name,
      value,
      type: "PLAINTEXT",
    }));
    yield* outside(
      "configurationValue",
      JSON.stringify(list).length,
      `The variables of ${location} have`,
      "characters",
    );
  }
  if (action.type === "change-set") {
    yield* outside(
      "configurationValue",
      action.template.length,
      `The template path of ${location} has`,
      "characters",
    );
  }
}

/** Checks that an earlier action produces each input, and that each name is unique. */
function* artifactProblems(plan: Plan): Generator<string> {
  const ready = new Set<string>();
  const actions = plan.stages.flatMap(({ actions }) => actions);
  for (const { actions } of plan.stages) {
    for (const action of [...actions].sort((a, b) => a.order - b.order)) {
      const missing = inputsOf(action).filter((artifact) => !ready.has(artifact));
      yield* missing.map((artifact) => `${action.name} takes ${artifact}, and no earlier action makes it.`);
      for (const artifact of outputsOf(action)) ready.add(artifact);
    }
  }
  const outputs = actions.flatMap(outputsOf);
  const namespaces = actions.flatMap((action) => namespaceOf(action));
  yield* repeated([...outputs, ...namespaces]).map((twice) => `Two outputs have the name ${twice}.`);
  yield* outputs
    .filter((each) => !artifactName.test(each))
    .map((each) => `${each} cannot be an artifact's name.`);
  yield* namespaces.filter((each) => !namespace.test(each)).map((each) => `${each} cannot be a namespace.`);
}

/** Of its output variables; an EKS namespace is none. */
function namespaceOf(action: Action): readonly string[] {
  if (action.type === "eks-deploy" || !("namespace" in action)) return [];
  return action.namespace === undefined ? [] : [action.namespace];
}

function* outside(
  limit: keyof typeof limits,
  seen: number,
  subject: string,
  unit: string,
): Generator<string> {
  const { least, most } = limits[limit];
  if (seen < least || seen > most) yield `${subject} ${seen} ${unit}; ${least} to ${most} are allowed.`;
}

const repeated = (values: readonly string[]): readonly string[] => [
  ...new Set(values.filter((value, index) => values.indexOf(value) !== index)),
];
