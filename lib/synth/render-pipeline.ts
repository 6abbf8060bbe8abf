/**
 * Renders a plan as the CloudFormation template of one CodePipeline. Equal plans give equal bytes: an update cancels
 * running executions, so a template may differ only where the plan does.
 */
import { CfnPipeline } from "aws-cdk-lib/aws-codepipeline";
import { App, BootstraplessSynthesizer, CfnOutput, type IStackSynthesizer, Stack } from "aws-cdk-lib/core";
import { places, roleArn } from "#release/places.ts";
import type { Plan } from "#release/plan.ts";
import { renderStage } from "./render-stage.ts";
import type { Setting } from "./setting.ts";

/** The template as JSON text. */
export function renderPipeline(plan: Plan, setting: Setting): string {
  return pipelineStack(new App({ analyticsReporting: false, treeMetadata: false }), plan, setting).template();
}

/** The stack in an app, which a process of the CDK's own command line would synthesize. */
export function pipelineStack(app: App, plan: Plan, setting: Setting): PipelineStack {
  const stack = new PipelineStack(app, "Pipeline", {
    // The library is not written for exactOptionalPropertyTypes.
    synthesizer: new BootstraplessSynthesizer() as IStackSynthesizer,
    description: `Kedge: promotes ${plan.template.name} artifacts of one release line`,
    analyticsReporting: false,
  });
  new CfnPipeline(stack, "Pipeline", {
    name: plan.pipeline,
    pipelineType: "V2",
    executionMode: "SUPERSEDED",
    roleArn: roleArn(setting.account, places.pipelineRole),
    artifactStore: {
      type: "S3",
      location: setting.cacheBucket,
      encryptionKey: { type: "KMS", id: setting.cacheKeyArn },
    },
    stages: plan.stages.map(renderStage),
  });
  new CfnOutput(stack, "PipelineName", { value: plan.pipeline });
  return stack;
}

/**
 * A stack that tells its template without `app.synth()`, which writes files to the temporary folder. What that step
 * adds (references between stacks, dependencies of grants) a lone L1 construct does not have.
 */
class PipelineStack extends Stack {
  template(): string {
    return JSON.stringify(this.resolve(this._toCloudFormation()));
  }
}
