/**
 * The app for the comparison with `cdk synth`. It renders the given plan in the way the CDK's command line
 * requires.
 */
import { readFileSync } from "node:fs";
import { App } from "aws-cdk-lib/core";
import type { Plan } from "#release/plan/plan.ts";
import { pipelineStack } from "#synth/render-pipeline.ts";
import type { Setting } from "#synth/setting.ts";

const { plan, setting } = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as {
  readonly plan: Plan;
  readonly setting: Setting;
};
const lean = process.argv[3] === "lean";
const app = new App({
  analyticsReporting: false,
  treeMetadata: false,
  ...(lean && { builtinCloudFormationValidation: false }),
});
pipelineStack(app, plan, setting);
app.synth();
