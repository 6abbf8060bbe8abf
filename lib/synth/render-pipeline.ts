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
import { smokeBuild } from "./smoke-build.ts";

/** The current folder. An app without a folder makes one in the temporary folder, and a warm Lambda renders often. */
const outdir = ".";

/** The template as JSON text. */
export function renderPipeline(plan: Plan, setting: Setting): string {
  const app = new App({ analyticsReporting: false, treeMetadata: false, outdir });
  return pipelineStack(app, plan, setting).template();
}

/** The stack in an app, for a caller that synthesizes it with the CDK's own tool. */
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
    stages: plan.stages.map((stage) => renderStage(stage, setting)),
  });
  smokeBuild(stack, plan, setting);
  new CfnOutput(stack, "PipelineName", { value: plan.pipeline });
  return stack;
}

/**
 * One artifact store, or one per region of the actions. CodePipeline accepts one of the two forms
 * (CodePipeline API Reference, PipelineDeclaration).
 */
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
 * A stack that returns its template without `app.synth()`, which writes files to the temporary folder. A lone
 * L1 construct does not need the additions of that step: references between stacks and dependencies of
 * grants.
 */
class PipelineStack extends Stack {
  template(): string {
    return JSON.stringify(this.resolve(this._toCloudFormation()));
  }
}
