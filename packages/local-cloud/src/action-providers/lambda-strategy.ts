/**
 * Parses the deployment strategies of the Lambda deploy action, checks their limits, and returns their
 * shifts.
 */

type Shift = { readonly percent: number; readonly minutes: number };

const pattern =
  /^(?:AllAtOnce|(Canary)([1-9]\d?)Percent(\d+)Minutes?|(Linear)([1-9]\d?)PercentEvery(\d+)Minutes?)$/;
const LONGEST = 2 * 24 * 60;
const MOST_ALARMS = 10;

/**
 * Returns the shifts in order: the percentage that goes to the new version, and the minutes until the next
 * shift.
 */
export function shiftsOf(strategy: string): readonly Shift[] {
  const [, canary, first = "", bake = "", linear, step = "", every = ""] = pattern.exec(strategy) ?? [];
  const whole = { percent: 100, minutes: 0 };
  if (canary !== undefined) return [{ percent: Number(first), minutes: Number(bake) }, whole];
  if (linear === undefined) return [whole];
  const shifts: Shift[] = [];
  for (let percent = Number(step); percent < 100; percent += Number(step))
    shifts.push({ percent, minutes: Number(every) });
  return [...shifts, whole];
}

/**
 * Returns the fault of the action's configuration, if any. Variables are not resolved when the pipeline is
 * created.
 */
export function checkStrategy(
  configuration: Readonly<Record<string, string>>,
  inputs: number,
): string | undefined {
  const { FunctionAlias, PublishedTargetVersion, DeployStrategy, Alarms } = configuration;
  if (PublishedTargetVersion === undefined && inputs === 0)
    return "PublishedTargetVersion is required if no input artifact is provided";
  if (FunctionAlias === undefined && (PublishedTargetVersion ?? DeployStrategy) !== undefined)
    return "PublishedTargetVersion and DeployStrategy are only available when FunctionAlias is provided";
  if ((Alarms ?? "").split(",").length > MOST_ALARMS)
    return `A maximum of ${MOST_ALARMS} alarms can be added`;
  if (DeployStrategy === undefined || DeployStrategy.includes("#{")) return undefined;
  if (!pattern.test(DeployStrategy))
    return `DeployStrategy ${DeployStrategy} must be AllAtOnce, Canary<1-99>Percent<minutes>Minutes or Linear<1-99>PercentEvery<minutes>Minutes`;
  if (shiftsOf(DeployStrategy).reduce((sum, { minutes }) => sum + minutes, 0) > LONGEST)
    return `DeployStrategy ${DeployStrategy} waits longer than the maximum of 2 days`;
  return undefined;
}
