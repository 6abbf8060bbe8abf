/** How each kind of planned action is rendered; adding one is its file and one line here. */
import type { Action, ActionType } from "#release/plan.ts";
import type { ActionDeclaration } from "#synth/setting.ts";
import { renderApprove } from "./approve.ts";
import { renderChangeSet, renderExecute } from "./change-set.ts";
import { renderPackage, renderPrepare, renderSmokeInput } from "./invoke.ts";
import { renderSmokeTest } from "./smoke-test.ts";
import { renderSource } from "./source.ts";

type Renderers = {
  readonly [Type in ActionType]: (action: Extract<Action, { readonly type: Type }>) => ActionDeclaration;
};

const renderers: Renderers = {
  source: renderSource,
  package: renderPackage,
  prepare: renderPrepare,
  "change-set": renderChangeSet,
  approve: renderApprove,
  execute: renderExecute,
  "smoke-input": renderSmokeInput,
  "smoke-test": renderSmokeTest,
};

export const renderAction = (action: Action): ActionDeclaration =>
  (renderers[action.type] as (action: Action) => ActionDeclaration)(action);
