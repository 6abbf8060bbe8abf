/**
 * Synthesizes the central account: launch roles, then the control plane with the products inside. `cdk
 * deploy` uses it through bin/control-plane.ts, and the embedded cloud deploys its assembly without the CDK's
 * tool.
 */
import { join } from "node:path";
import { App, CfnOutput, DefaultStackSynthesizer, type IStackSynthesizer, Stack } from "aws-cdk-lib/core";
import { anchorStack } from "#anchor/anchor-stack.ts";
import { launchRoles } from "#anchor/launch-role-stack.ts";
import { targetStack } from "#anchor/target-stack.ts";
import { renderTemplate } from "#constructs/render.ts";
import { rootOf } from "#constructs/statements.ts";
import { accessLogs, artifacts } from "./artifact-bucket.ts";
import { catalog } from "./catalog.ts";
import { intake, intakeQueue } from "./intake.ts";
import type { ControlPlaneEstate, LambdaBundles } from "./properties.ts";
import { publication } from "./publication.ts";
import { publisherRole } from "./publisher-role.ts";
import { registry } from "./registry-bucket.ts";

type ControlPlaneProps = {
  readonly estate: ControlPlaneEstate;
  readonly lambdas: LambdaBundles;
  /** The cloud assembly's folder. */
  readonly outdir: string;
};

/** The app before it is synthesized; `synth()` fills `outdir`. */
export function controlPlaneApp({ estate, lambdas, outdir }: ControlPlaneProps): App {
  const app = new App({
    outdir,
    analyticsReporting: false,
    treeMetadata: false,
    builtinCloudFormationValidation: false, // cfn-lint and the tests look at the templates
  });
  const env = { account: estate.central, region: estate.region };
  const stack = new Stack(app, "KedgeControlPlane", {
    env,
    description: "Kedge control plane: uploads, routing, registry and the products for other accounts",
    synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }) as IStackSynthesizer,
    analyticsReporting: false,
    terminationProtection: true,
  });
  const logs = accessLogs(stack, estate);
  const { queue, before } = intakeQueue(stack, estate);
  const uploads = artifacts(stack, estate, { logs, intakeArn: queue.attrArn });
  before(uploads);
  const published = registry(stack, estate, logs);
  publisherRole(stack, estate);
  publication(stack, { estate, publish: lambdas.publish });
  intake(stack, { estate, route: lambdas.route, queue });
  const code = {
    reconcile: lambdas.reconcile.digest,
    observe: lambdas.observe.digest,
    package: lambdas.package.digest,
    prepare: lambdas.prepare.digest,
    execute: lambdas.execute.digest,
    smoke: lambdas.smoke.digest,
    sweep: lambdas.sweep.digest,
    verify: lambdas.verify.digest,
    call: lambdas.call.digest,
    site: lambdas.site.digest,
  };
  const folder = join(outdir, "products");
  catalog(stack, {
    folder,
    // The role of a launch constraint must exist in this account too.
    launchRole: launchRoles(stack, {
      centralAccount: estate.central,
      provisioners: [rootOf(estate.central)],
    }),
    templates: {
      anchor: renderTemplate((own) => anchorStack(own, { code }), join(folder, "anchor")),
      target: renderTemplate(targetStack, join(folder, "target")),
    },
  });
  new CfnOutput(stack, "ArtifactBucket", {
    value: uploads.ref,
    description: "The bucket that receives the artifacts",
  });
  new CfnOutput(stack, "RegistryBucket", {
    value: published.ref,
    description: "The bucket that kedge publish writes to",
  });
  return app;
}
