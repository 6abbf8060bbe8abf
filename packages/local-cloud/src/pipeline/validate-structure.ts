/**
 * Checks the pipeline as a whole: its stages, their order and number, its artifact stores, and the members
 * that need V2.
 */
import type { Declaration } from "./declaration.ts";
import { invalidAction, invalidStage, invalidStructure, limitExceeded, repeated } from "./invalid.ts";

const MAX_STAGES = 50;
const MAX_ACTIONS_PER_STAGE = 50;
const MAX_ACTIONS = 1000;

export function validateStructure(declaration: Declaration, region: string): void {
  const { stages } = declaration;
  if (stages.length > MAX_STAGES) {
    throw invalidStructure(
      `Pipeline has too many stages. There can only be up to ${MAX_STAGES} stages in a pipeline`,
    );
  }
  const [first, ...later] = stages;
  if (
    first === undefined ||
    first.actions.length === 0 ||
    first.actions.some((action) => !isSource(action))
  ) {
    throw invalidStructure("Pipeline should start with a stage that only contains source actions");
  }
  if (later.flatMap(({ actions }) => actions).some(isSource)) {
    throw invalidStructure("Source actions can only be included in the first stage of the pipeline");
  }
  if (later.length === 0 || later.every(({ actions }) => actions.length === 0)) {
    throw invalidStructure("Pipeline should contain at least 1 action whose category is not Source");
  }
  const stageTwice = repeated(stages.map(({ name }) => name));
  if (stageTwice !== undefined) throw invalidStage(`Stage name '${stageTwice}' is used more than once`);
  for (const { name, actions } of stages) {
    if (actions.length === 0) throw invalidStage(`Stage '${name}' must contain at least one action`);
    const actionTwice = repeated(actions.map((action) => action.name));
    if (actionTwice !== undefined) {
      throw invalidAction(`Action name '${actionTwice}' is used more than once in stage '${name}'`);
    }
    if (actions.length > MAX_ACTIONS_PER_STAGE) {
      throw limitExceeded(
        `Stage '${name}' has ${actions.length} actions. The limit is ${MAX_ACTIONS_PER_STAGE} actions per stage`,
      );
    }
  }
  const count = stages.reduce((sum, { actions }) => sum + actions.length, 0);
  if (count > MAX_ACTIONS)
    throw limitExceeded(`Pipeline has ${count} actions. The limit is ${MAX_ACTIONS} actions per pipeline`);
  validateStores(declaration, region);
  validateType(declaration);
}

const isSource = (action: { readonly actionTypeId: { readonly category: string } }): boolean =>
  action.actionTypeId.category === "Source";

function validateStores(declaration: Declaration, region: string): void {
  const { artifactStore, artifactStores } = declaration;
  if ((artifactStore === undefined) === (artifactStores === undefined)) {
    throw invalidStructure(
      "Your pipeline must have exactly one of 'pipeline.artifactStore' and 'pipeline.artifactStores'",
    );
  }
  const regions = declaration.stages.flatMap(({ actions }) =>
    actions.flatMap((action) => action.region ?? []),
  );
  const stored = artifactStores === undefined ? [region] : Object.keys(artifactStores);
  const missing = [region, ...regions].find((needed) => !stored.includes(needed));
  if (missing !== undefined) {
    throw invalidStructure(
      `Your pipeline must have an artifact store, such as an artifact bucket, for each region where you have an action. The following region is missing in 'pipeline.artifactStores': ${missing}.`,
    );
  }
}

function validateType(declaration: Declaration): void {
  if (declaration.pipelineType === "V2") return;
  if (declaration.executionMode !== "SUPERSEDED") {
    throw invalidStructure("QUEUED or PARALLEL mode can only be used with V2 pipelines");
  }
  if ((declaration.variables?.length ?? 0) > 0) {
    throw invalidStructure("Pipeline variable can only be used with V2 pipelines");
  }
  if ((declaration.triggers?.length ?? 0) > 0) {
    throw invalidStructure("Triggers on tag can only be used with V2 pipelines");
  }
  if (
    declaration.stages.some(({ beforeEntry, onSuccess, onFailure }) => beforeEntry ?? onSuccess ?? onFailure)
  ) {
    throw invalidStage("Stage level conditions can only be used with V2 pipelines.");
  }
}
