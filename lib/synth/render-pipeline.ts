/**
 * Renders a plan as the CloudFormation template of one CodePipeline. Equal plans give equal bytes: an update cancels
 * running executions, so a template may differ only where the plan does.
 */
import { CfnPipeline, type CfnPipelineProps } from "aws-cdk-lib/aws-codepipeline";
import { App, BootstraplessSynthesizer, CfnOutput, type IStackSynthesizer, Stack } from "aws-cdk-lib/core";
import { roleArn } from "#release/names/arns.ts";
import { roles } from "#release/names/deployed-names.ts";
import type { Plan } from "#release/plan/plan.ts";
import { renderStage } from "./render-stage.ts";
import { artifactStore, type Setting } from "./setting.ts";

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
    roleArn: roleArn(setting.account, roles.pipeline),
    ...stores(plan, setting),
    stages: plan.stages.map((stage) => renderStage(stage, setting.region)),
  });
  new CfnOutput(stack, "PipelineName", { value: plan.pipeline });
  return stack;
}

/** One store, or one for each region an action works in: CodePipeline takes either, and never both. */
function stores(plan: Plan, setting: Setting): Pick<CfnPipelineProps, "artifactStore" | "artifactStores"> {
  const regions = new Set([setting.region, ...plan.targets.map(({ region }) => region).sort()]);
  if (regions.size === 1) return { artifactStore: artifactStore(setting, setting.region) };
  return {
    artifactStores: [...regions].map((region) => ({
      region,
      artifactStore: artifactStore(setting, region),
    })),
  };
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
