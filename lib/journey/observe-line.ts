/**
 * Reads the state of a line: the newest artifact, the pipeline's stack, and the pipeline's executions. It
 * changes nothing.
 */

import type { Applications } from "#ports/applications.ts";
import type { Artifacts } from "#ports/artifacts.ts";
import type { Clock } from "#ports/clock.ts";
import type { Executions } from "#ports/executions.ts";
import type { PipelineStacks } from "#ports/pipeline-stacks.ts";
import type { TemplateRegistry } from "#ports/template-registry.ts";
import type { Estate } from "#release/estate/estate.ts";
import type {
  AppStack,
  ArtifactNow,
  Cause,
  Message,
  Observation,
  PipelineStack,
} from "#release/line/observation.ts";
import type { Result } from "#release/line/result.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import { formerPipelineName, pipelineName } from "#release/names/names.ts";
import { longStackName, stackName } from "#release/names/stack-names.ts";
import type { TemplateRef } from "#release/plan/plan.ts";
import { withoutWords } from "#release/stack/stack-failure.ts";
import { stackPhase } from "#release/stack/stack-status.ts";
import { dueVersion } from "#release/template/template-choice.ts";
import { environmentsFor } from "#release/traits/targets.ts";
import { expiryOf } from "./expiry.ts";
import { isOfLine } from "./stack-tags.ts";

export type ObserveLineDeps = {
  readonly artifacts: Pick<Artifacts, "newest">;
  readonly stacks: Pick<PipelineStacks, "describe">;
  readonly executions: Pick<Executions, "list" | "stages">;
  readonly applications: Pick<Applications, "stacksOfLine" | "failure">;
  readonly registry: Pick<TemplateRegistry, "index">;
  readonly clock: Clock;
};

type ObserveRequest = {
  readonly estate: Estate;
  readonly line: Line;
  readonly message: Message;
  /** The content of `latest.json`. */
  readonly last?: Pick<Result, "version" | "status">;
};

/** Throws `AccountUnknown` when the estate has lost the line's anchor. */
export async function observeLine(deps: ObserveLineDeps, request: ObserveRequest): Promise<Observation> {
  const { estate, line, message, last } = request;
  const { anchor, tombstone } = environmentsFor(estate, line);
  // The artifact is read first: an upload after this read sends a new message about the line.
  const artifact = await deps.artifacts.newest(formatKey(line));
  const pipeline = await pipelineOf(deps.stacks, line);
  const [executions, stages] = pipeline
    ? await Promise.all([deps.executions.list(pipeline.name), deps.executions.stages(pipeline.name)])
    : [[], []];
  const own = pipeline?.template;
  const wanted = own && mayMove.includes(message.cause) && (await wantedTemplate(deps, estate, line, own));
  const expiresAt = artifact && artifact.size > 0 ? expiryOf(estate, line, artifact) : undefined;
  return {
    at: deps.clock(),
    line,
    region: anchor.region,
    message,
    tombstone,
    supersedePendingApproval: anchor.supersedePendingApproval,
    ...(last !== undefined && !isPast(last, artifact) && { lastReported: last.version }),
    ...(last?.status === "torn-down" && { tornDown: last.version }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(artifact && { artifact }),
    ...(pipeline && { pipeline }),
    ...(wanted && { wanted }),
    executions,
    stages,
  };
}

/**
 * True for a released version that a newer upload follows. Its result says the same for ever, so its actions are not read
 * again. An event of its execution names it all the same, and so does the sweep.
 */
const isPast = (last: Pick<Result, "version" | "status">, artifact: ArtifactNow | undefined): boolean =>
  last.status === "released" && artifact !== undefined && artifact.versionId !== last.version;

/** A release template before 1.1.0 gives the pipeline its former name. A line has one pipeline. */
async function pipelineOf(stacks: ObserveLineDeps["stacks"], line: Line): Promise<PipelineStack | undefined> {
  for (const name of [pipelineName(line), formerPipelineName(line)]) {
    const found = await stacks.describe(name);
    if (found !== undefined && stackPhase(found.status) !== "gone") return found;
  }
  return undefined;
}

/**
 * Causes without an event of their own. Only then does reconcile check whether a rollout has reached the
 * line.
 */
const mayMove: readonly Cause[] = ["sweep", "operator"];

async function wantedTemplate(
  { registry }: Pick<ObserveLineDeps, "registry">,
  estate: Estate,
  line: Line,
  own: TemplateRef,
): Promise<TemplateRef | undefined> {
  return dueVersion({ index: await registry.index(), estate, line, name: own.name, own });
}

/**
 * The line's stacks in every environment of its anchor. The line may have deployed to an environment that
 * rejects it today.
 */
export async function observeAppStacks(
  deps: Pick<ObserveLineDeps, "applications">,
  estate: Estate,
  line: Line,
): Promise<readonly AppStack[]> {
  const { anchor } = environmentsFor(estate, line);
  const found = await Promise.all(
    anchor.environments.map(async (environment) => {
      const firsts = [stackName, longStackName].map((named) => named(environment.name, line));
      const found = await deps.applications.stacksOfLine(environment, firsts);
      const stacks = found.filter((stack) => isOfLine(stack.tags, line));
      return Promise.all(
        stacks.map(async (stack): Promise<AppStack> => {
          const stuck = stackPhase(stack.status) === "undeletable";
          const failure = stuck ? await deps.applications.failure(environment, stack.name) : undefined;
          return {
            ...{ environment: environment.name, name: stack.name, level: stack.level, status: stack.status },
            ...(failure && { failure: withoutWords(failure) }),
          };
        }),
      );
    }),
  );
  return found.flat();
}
