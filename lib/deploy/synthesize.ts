/**
 * Synthesizes an estate and its code bundles to cloud assemblies. `cdk deploy` and the embedded cloud deploy
 * the same files.
 */

import { launchRoleStack } from "#anchor/launch-role-stack.ts";
import type { Bundles } from "#bundle/bundle.ts";
import { renderTemplate } from "#constructs/render.ts";
import { controlPlaneApp } from "#control-plane/control-plane.ts";
import { type LambdaBundles, lambdaNames } from "#control-plane/properties.ts";
import type { Estate } from "#release/estate/estate.ts";

class SynthesisError extends Error {
  override name = "SynthesisError";
}

type SynthesisOrder = {
  readonly estate: Estate;
  readonly bundles: Bundles;
  /** The assembly's folder. */
  readonly outdir: string;
};

/** Fills `outdir` with the assembly of the central account: one stack. */
export function synthesizeControlPlane({ estate, bundles, outdir }: SynthesisOrder): void {
  controlPlaneApp({ outdir, lambdas: lambdasOf(bundles), estate: factsOf(estate) }).synth();
}

/** The template that every other account needs before a product is provisioned. */
export const synthesizeLaunchRoles = (central: string, outdir: string): string =>
  renderTemplate((app) => launchRoleStack(app, central), outdir);

const factsOf = (estate: Estate): Parameters<typeof controlPlaneApp>[0]["estate"] => ({
  central: estate.central,
  region: estate.region,
  retention: estate.retention,
  anchors: estate.anchors.map(({ account, region }) => ({ account, region })),
});

export function lambdasOf(bundles: Bundles): LambdaBundles {
  const missing = lambdaNames.filter((name) => bundles.lambdas[name] === undefined);
  if (missing.length > 0) {
    throw new SynthesisError(
      `There is no bundle of ${missing.join(", ")}: lambdas/<name>.ts is expected for each of ${lambdaNames.join(", ")}.`,
    );
  }
  return bundles.lambdas as LambdaBundles;
}
