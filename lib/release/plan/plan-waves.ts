/**
 * Builds the stages of environments: one for each environment, or one for a wave of environments that are
 * released together. Actions beyond a stage's limit go into the next stage.
 */

import { ReleaseError } from "#release/errors/errors.ts";
import { canonicalJson } from "#release/names/digest.ts";
import type { Target } from "#release/traits/targets.ts";
import type { DeploymentWindow } from "#release/traits/traits.ts";
import { type Action, actionNames, type Stage } from "./plan.ts";
import type { StageContent, Steps, Unordered } from "./plan-steps.ts";

export type EnvironmentStage = StageContent & { readonly target: Target; readonly window?: DeploymentWindow };

/** CodePipeline's limit. */
const mostActions = 50;
const longestMessage = 1000;

/** `stages` are in promotion order; neighbours of one wave come together. */
export const stagesOf = (stages: readonly EnvironmentStage[]): readonly Stage[] =>
  waves(stages).flatMap((wave) => {
    const [only, ...others] = wave;
    if (only === undefined) return [];
    return others.length === 0 ? [alone(only)] : together(wave);
  });

function waves(stages: readonly EnvironmentStage[]): readonly (readonly EnvironmentStage[])[] {
  const found: EnvironmentStage[][] = [];
  for (const stage of stages) {
    const last = found.at(-1);
    if (last?.[0]?.target.wave === stage.target.wave) last.push(stage);
    else found.push([stage]);
  }
  return found;
}

const alone = ({ target, steps, window, rollback }: EnvironmentStage): Stage => ({
  name: target.environment,
  ...(window && { window }),
  ...(rollback && { rollback }),
  actions: inOrder(steps),
});

export const inOrder = (steps: Steps): readonly Action[] =>
  steps
    .filter((step) => listed(step).length > 0)
    .flatMap((step, index) => listed(step).map((action) => ordered(action, index)));

const ordered = (action: Unordered, index: number): Action => ({ ...action, order: index + 1 });

const listed = (step: Steps[number]): readonly Unordered[] =>
  Array.isArray(step) ? (step as readonly Unordered[]) : [step as Unordered];

/**
 * Splits a wave into as many stages as it needs. Each stage asks its approver once, for all its environments.
 */
function together(wave: readonly EnvironmentStage[]): readonly Stage[] {
  const name = wave[0]?.target.wave ?? "";
  const windows = new Set(wave.map(({ window }) => canonicalJson(window ?? null)));
  if (windows.size > 1) {
    const seen = `The environments of the wave ${name} open at different times; give them one window.`;
    throw new ReleaseError("PlanOutOfLimits", seen);
  }
  const each = Math.max(
    ...wave.map(({ steps }) => steps.reduce((sum, step) => sum + listed(step).length, 0)),
  );
  const most = Math.max(1, Math.floor(mostActions / each));
  const count = Math.ceil(wave.length / most);
  const size = Math.ceil(wave.length / count); // even shares: none of one environment
  return Array.from({ length: count }, (_, index) =>
    stageOf(count === 1 ? name : `${name}-${index + 1}`, wave.slice(index * size, (index + 1) * size)),
  );
}

function stageOf(name: string, wave: readonly EnvironmentStage[]): Stage {
  const { window } = wave[0] ?? {};
  const slots = aligned(wave.map(({ steps }) => steps));
  const actions = slots.flatMap((slot, index) => joined(slot, wave).map((action) => ordered(action, index)));
  return {
    name,
    ...(window && { window }),
    ...(wave.every(({ rollback }) => rollback) && { rollback: true as const }),
    actions,
  };
}

type Slot = readonly { readonly action: Unordered; readonly of: number }[];

/**
 * Steps of the same kind for several environments run at the same order, so the next step starts when all of
 * them have ended.
 */
function aligned(all: readonly Steps[]): readonly Slot[] {
  const keys: string[] = [];
  for (const steps of all) {
    let at = 0;
    for (const step of steps) {
      const key = keyOf(step);
      const found = keys.indexOf(key);
      if (found === -1) keys.splice(at, 0, key);
      at = keys.indexOf(key) + 1;
    }
  }
  return keys.map((key) =>
    all.flatMap((steps, of) =>
      steps
        .filter((step) => keyOf(step) === key)
        .flatMap((step) => listed(step).map((action) => ({ action, of }))),
    ),
  );
}

const keyOf = (step: Steps[number]): string =>
  listed(step)
    .map(({ name }) => name)
    .join(" ");

/** An action's name says whose it is; the approvals become one. */
function joined(slot: Slot, wave: readonly EnvironmentStage[]): readonly Unordered[] {
  const approvals = slot.flatMap(({ action }) => (action.type === "approve" ? [action] : []));
  const [first] = approvals;
  if (first === undefined) {
    return slot.map(({ action, of }) => ({
      ...action,
      name: `${action.name}.${wave[of]?.target.environment}`,
    }));
  }
  const { brief: _, ...asked } = first;
  return [
    {
      ...asked,
      name: actionNames.approve,
      message: messageOf(approvals),
      timeoutMinutes: Math.min(...approvals.map(({ timeoutMinutes }) => timeoutMinutes)),
    },
  ];
}

/**
 * Adds as many descriptions of other environments as the message can hold. A variable must not be cut in two.
 */
function messageOf(approvals: readonly Extract<Unordered, { type: "approve" }>[]): string {
  const names = approvals.map(({ target }) => target.environment);
  const who = ` Approves ${names.length} environments at once: ${names.join(", ")}.`;
  const [own = "", ...others] = approvals.map(({ message, brief = "" }, index) =>
    index === 0 ? message : brief && ` ${brief}`,
  );
  const described = others.reduce(
    (text, brief) => (text.length + brief.length + who.length <= longestMessage ? text + brief : text),
    own,
  );
  const message = described + who;
  return message.length <= longestMessage ? message : `${message.slice(0, longestMessage - 1)}…`;
}

/** The environment of an action in a stage, and the action's name without it. */
export function actionLocation(
  stage: string,
  action: string,
): { readonly action: string; readonly environment: string } {
  const dot = action.indexOf(".");
  return dot === -1
    ? { action, environment: stage }
    : { action: action.slice(0, dot), environment: action.slice(dot + 1) };
}
