/**
 * The actions that raise a canary's share, from its start to its end, with the stack's parameters for each
 * action.
 */

import { artifactNames, outputsNamespace, preparedNamespace } from "#release/names/names.ts";
import { appStackName } from "#release/names/stack-names.ts";
import type { PlanRequest } from "#release/plan/plan-request.ts";
import { deploy } from "#release/plan/plan-stacks.ts";
import type { Steps, Unordered } from "#release/plan/plan-steps.ts";
import type { Configuration } from "#release/stack/configuration.ts";
import type { Target } from "#release/traits/targets.ts";
import type { Strategy } from "#release/traits/traits.ts";

const fiveMinutes = 5;

/** Percent, ascending; the last is all of it. */
function stepsOf({ steps = [5, 25, 50, 100] }: Strategy): readonly number[] {
  return steps.at(-1) === 100 ? steps : [...steps, 100];
}

/** Between the canary's last step and the end: the stable side takes the image, the calls return, the canary goes. */
const endings = ["settle", "return", "clear"] as const;

export function canaryActions(request: PlanRequest, target: Target, strategy: Strategy): Steps {
  return [
    ...stepsOf(strategy).flatMap((percent) => [
      deploy(request, target, String(percent)),
      verification(request, target, strategy, percent),
    ]),
    ...endings.map((ending) => deploy(request, target, ending)),
  ];
}

const allToStable = ["CanaryWeight=0", "StableWeight=100"];

const verification = (
  { line }: PlanRequest,
  target: Target,
  { alarms = [] }: Strategy,
  percent: number,
): Unordered => ({
  type: "worker",
  name: `Verify-${percent}`,
  worker: "verify",
  target,
  stackName: appStackName(target, line),
  input: artifactNames.prepared(target.environment),
  parameters: {
    minutes: `#{${preparedNamespace(target.environment)}.BakeMinutes}`,
    alarms: [`#{${outputsNamespace(target.environment)}.ErrorsAlarm}`, ...alarms],
    turnBack: allToStable,
  },
});

type CanaryRelease = {
  readonly strategy: Strategy;
  readonly image: string;
  /** The running image; undefined before the first deployment. */
  readonly stable: string | undefined;
  readonly count: number;
};

/** Without another image on the stable side there is nothing to compare: no canary, and nothing to wait for. */
export function canaryValues({ strategy, image, stable, count }: CanaryRelease): Configuration {
  const alone = stable === undefined || stable === image;
  const values = (percent: number, side: string, canaries: number) => ({
    Image: image,
    StableImage: side,
    CanaryWeight: String(percent),
    StableWeight: String(100 - percent),
    CanaryCount: String(canaries),
  });
  const tasks = Math.max(1, count); // all of them from the start: its share grows faster than tasks come up
  const at = (percent: number, side = stable ?? image) =>
    alone ? values(0, image, 0) : values(percent, side, tasks);
  return {
    values: {
      // The canary comes up before the first call goes to it.
      "": at(0),
      ...Object.fromEntries(stepsOf(strategy).map((percent) => [String(percent), at(percent)])),
      settle: at(100, image),
      return: at(0, image),
      clear: values(0, image, 0),
    },
    variables: { BakeMinutes: alone ? "0" : String(strategy.minutes ?? fiveMinutes) },
  };
}
