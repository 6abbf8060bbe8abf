/** Maps each kind of planned action to its renderer. A new kind is one file and one line here. */
import type { Action, ActionType } from "#release/plan/plan.ts";
import type { ActionDeclaration, Setting } from "#synth/setting.ts";
import { renderApprove } from "./approve.ts";
import { renderBuild } from "./build.ts";
import { renderChangeSet, renderExecute } from "./change-set.ts";
import { renderDeploy } from "./deploy.ts";
import { renderEksDeploy } from "./eks-deploy.ts";
import {
  renderExecuteCleared,
  renderPackage,
  renderPrepare,
  renderSmokeInput,
  renderWorker,
} from "./invoke.ts";
import { renderLambdaDeploy } from "./lambda-deploy.ts";
import { renderSmokeTest } from "./smoke-test.ts";
import { renderSource } from "./source.ts";

type Renderers = {
  readonly [Type in ActionType]: (
    action: Extract<Action, { readonly type: Type }>,
    setting: Setting,
  ) => ActionDeclaration;
};

const renderers: Renderers = {
  source: renderSource,
  package: renderPackage,
  prepare: renderPrepare,
  "change-set": renderChangeSet,
  deploy: renderDeploy,
  build: renderBuild,
  "lambda-deploy": renderLambdaDeploy,
  "eks-deploy": renderEksDeploy,
  worker: renderWorker,
  approve: renderApprove,
  execute: renderExecute,
  "execute-cleared": renderExecuteCleared,
  "smoke-input": renderSmokeInput,
  "smoke-test": renderSmokeTest,
};

export const renderAction = (action: Action, setting: Setting): ActionDeclaration =>
  (renderers[action.type] as (action: Action, setting: Setting) => ActionDeclaration)(action, setting);
