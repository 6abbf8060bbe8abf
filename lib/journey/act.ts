/**
 * Executes one step of a line. Each kind of step has one function, which may be repeated after a crash at any
 * call.
 */

import type { Applications } from "#ports/applications.ts";
import type { Executions } from "#ports/executions.ts";
import type { LineCache } from "#ports/line-cache.ts";
import type { PipelineInput, PipelineStacks } from "#ports/pipeline-stacks.ts";
import type { Estate } from "#release/estate/estate.ts";
import { regionsOf } from "#release/estate/regional.ts";
import type { Observation } from "#release/line/observation.ts";
import type { Step, StepType } from "#release/line/step.ts";
import {
  artifactFolder,
  cacheKeys,
  formerPipelineName,
  lineName,
  pipelineName,
} from "#release/names/names.ts";
import type { Plan } from "#release/plan/plan.ts";
import { releaseBundle } from "#release/plan/release-document.ts";
import type { Dispatch } from "#release/template/dispatch.ts";
import { templateLabel } from "#release/template/template-index.ts";
import { anchorOf } from "#release/traits/targets.ts";
import { removeRecord, reserveNames } from "./line-record.ts";
import { lineTags } from "./stack-tags.ts";

export type ActDeps = {
  readonly cache: LineCache;
  readonly stacks: PipelineStacks;
  readonly executions: Executions;
  readonly applications: Pick<Applications, "remove">;
  /** Loads the CDK only when a plan has to be rendered. */
  readonly render: (plan: Plan) => Promise<string>;
};

type Act<Type extends StepType> = (
  deps: ActDeps,
  step: Extract<Step, { readonly type: Type }>,
  seen: Observation,
  estate: Estate,
) => Promise<void>;

const acts: { readonly [Type in StepType]: Act<Type> } = {
  rest: async () => undefined,
  wait: async () => undefined,
  "wait-for-slot": async () => undefined,
  observe: async () => undefined,
  "create-pipeline": async (deps, { token }, seen) => {
    const planned = plannedIn(seen);
    const { line } = seen;
    await reserve(deps.cache, planned);
    // This write precedes the bundle and the stack: a later event finds the line by it.
    await deps.cache.put(cacheKeys.line(lineName(line)), new TextEncoder().encode(JSON.stringify(line)));
    await putBundle(deps.cache, planned);
    await deps.stacks.create(await pipelineInput(deps, seen, planned, token));
  },
  "update-pipeline": async (deps, { token }, seen) => {
    const planned = plannedIn(seen);
    await reserve(deps.cache, planned);
    await putBundle(deps.cache, planned);
    await deps.stacks.update(await pipelineInput(deps, seen, planned, token));
  },
  "start-execution": async (deps, { token }, seen) => {
    const bundle = await putBundle(deps.cache, plannedIn(seen));
    await deps.executions.start({ pipeline: pipelineIn(seen), bundle, token });
  },
  "stop-executions": async (deps, { executions, reason }, seen) => {
    for (const execution of executions) await deps.executions.stop(pipelineIn(seen), execution, reason);
  },
  "disable-transition": (deps, { stage, reason }, seen) =>
    deps.executions.disableTransition(pipelineIn(seen), stage, reason),
  "enable-transition": (deps, { stage }, seen) => deps.executions.enableTransition(pipelineIn(seen), stage),
  "delete-app-stacks": async (deps, { stacks, token }, { line }, estate) => {
    const { environments } = anchorOf(estate, line);
    await Promise.all(
      stacks.map(async ({ environment, name }) => {
        const target = environments.find((each) => each.name === environment);
        if (target !== undefined) await deps.applications.remove(target, name, token);
      }),
    );
  },
  "delete-pipeline": (deps, { token }, seen) => deps.stacks.remove(pipelineIn(seen), token),
  "clear-cache": async ({ cache }, _, { line }, estate) => {
    // The folder of a pipeline that was named by slugs may have objects of other lines, where CodePipeline cut
    // the name. The bucket's lifecycle rule removes them.
    for (const prefix of [artifactFolder(pipelineName(line)), `${formerPipelineName(line)}/`]) {
      for (const region of regionsOf(anchorOf(estate, line))) await cache.removeIn(region, prefix);
      await cache.remove(prefix);
    }
    await cache.remove(cacheKeys.bundle(lineName(line)));
  },
};

export const act: Act<StepType> = (deps, step, seen, estate) =>
  (acts[step.type] as Act<StepType>)(deps, step, seen, estate);

/**
 * Removes the line's folder last, after its result is written: until then an event can still find the line.
 */
export async function removeLineFolder(cache: LineCache, { line }: Observation): Promise<void> {
  const name = lineName(line);
  await removeRecord(cache, name);
  await cache.remove(cacheKeys.folder(name));
}

type Planned = Extract<Dispatch, { readonly ok: true }>;

function plannedIn({ dispatch }: Observation): Planned {
  if (dispatch?.ok) return dispatch;
  throw new TypeError("A step that needs a plan was decided without one.");
}

function pipelineIn({ pipeline, line }: Observation): string {
  if (pipeline !== undefined) return pipeline.name;
  throw new TypeError(`A step that needs a pipeline was decided for ${lineName(line)}, which has none.`);
}

/** A plan of a release template before 1.1.0 has no name that another line could have. */
async function reserve(cache: LineCache, { plan, naming }: Planned): Promise<void> {
  if (plan.pipeline === pipelineName(plan.line)) await reserveNames(cache, plan.line, naming);
}

/**
 * The summary names the version and the release template of an execution, so executions can be matched to
 * uploads.
 */
const putBundle = (cache: LineCache, { release }: Planned): Promise<string> => {
  const summary = `${release.artifact.versionId} ${templateLabel(release.template)}`;
  return cache.put(cacheKeys.bundle(lineName(release.line)), releaseBundle(release), summary);
};

async function pipelineInput(
  deps: ActDeps,
  { line }: Observation,
  { plan, digest }: Planned,
  token: string,
): Promise<PipelineInput> {
  return {
    line,
    name: plan.pipeline,
    template: await deps.render(plan),
    planDigest: digest,
    releaseTemplate: plan.template,
    tags: lineTags(line),
    token,
  };
}
