/** Lists the action providers. A new provider is a file of its own and a line here. */
import { absentProviders } from "./absent.ts";
import { cloudFormation } from "./cloudformation.ts";
import { codeBuild } from "./codebuild.ts";
import { commands } from "./commands.ts";
import { eksDeploy } from "./eks.ts";
import { lambdaDeploy } from "./lambda-deploy.ts";
import { lambdaInvoke } from "./lambda-invoke.ts";
import { manualApproval } from "./manual-approval.ts";
import { pipelineInvoke } from "./pipeline-invoke.ts";
import type { ActionProvider } from "./provider.ts";
import { s3Deploy } from "./s3-deploy.ts";
import { s3Source } from "./s3-source.ts";

export const actionProviders: readonly ActionProvider[] = [
  s3Source,
  s3Deploy,
  cloudFormation,
  codeBuild,
  commands,
  eksDeploy,
  lambdaDeploy,
  lambdaInvoke,
  manualApproval,
  pipelineInvoke,
  ...absentProviders,
];
