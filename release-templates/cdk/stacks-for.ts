/** Selects the stacks of an app for an environment: the stacks for this environment and those for any. */
import type { Manifest } from "#release/artifact/manifest.ts";
import type { Target } from "#release/traits/targets.ts";
import { type CdkStack, unsupported } from "./cloud-assembly.ts";

/** The stacks that `describe` stored in the manifest. */
export const stacksIn = ({ facts }: Manifest): readonly CdkStack[] =>
  facts["stacks"] as unknown as readonly CdkStack[];

/**
 * Throws `AssemblyUnsupported` if the app has no stack for the target, or if a stack needs one for another
 * location.
 */
export function stacksFor(manifest: Manifest, target: Target): readonly CdkStack[] {
  const stacks = stacksIn(manifest);
  const chosen = stacks.filter((stack) => isFor(stack, target));
  const where = `${target.environment} (account ${target.account}, ${target.region})`;
  if (chosen.length === 0) {
    const known = stacks.map((stack) => `${stack.name} is for ${locationOf(stack)}`).join(", ");
    throw unsupported(
      `The CDK app has no stack for ${where}: ${known === "" ? "it has none at all" : known}.`,
    );
  }
  for (const { name, after } of chosen) {
    const away = stacks.find(({ id }) => after.includes(id) && !chosen.some((stack) => stack.id === id));
    if (away === undefined) continue;
    throw unsupported(`${name} goes to ${where} and needs ${away.name}, which is for ${locationOf(away)}.`);
  }
  return chosen;
}

const isFor = ({ only, account, region }: CdkStack, target: Target): boolean =>
  (only === undefined || target.names.includes(only)) &&
  (account === undefined || account === target.account) &&
  (region === undefined || region === target.region);

/** The names of the environments that get the stack. */
export const environmentsOf = (stack: CdkStack | undefined, targets: readonly Target[]): readonly string[] =>
  targets
    .filter((target) => stack !== undefined && isFor(stack, target))
    .map(({ environment }) => environment);

function locationOf({ only, account, region }: CdkStack): string {
  const location = [
    only && `the environment ${only}`,
    account && `account ${account}`,
    region && `region ${region}`,
  ];
  return location.filter(Boolean).join(", ");
}
