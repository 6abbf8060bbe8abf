/**
 * Polls the S3 sources of pipelines. A new version of the object starts the pipeline. Only a source whose
 * `PollForSourceChanges` is false is not polled (CodePipeline User Guide, "Amazon S3 source action
 * reference").
 */
import { randomUUID } from "node:crypto";
import { isAwsError } from "#cloud/kernel/aws-error.ts";
import type { Action } from "#cloud/pipeline/declaration.ts";
import type { Engine, Line } from "./engine.ts";
import { assumeActionRole, assumePipelineRole } from "./roles.ts";
import { defaults } from "./start-defaults.ts";

/** AWS does not document its polling interval; observed is about one minute. */
const INTERVAL = 60_000;

const isPolled = ({ actionTypeId, configuration }: Action): boolean =>
  actionTypeId.owner === "AWS" &&
  actionTypeId.provider === "S3" &&
  actionTypeId.category === "Source" &&
  configuration["PollForSourceChanges"]?.toLowerCase() !== "false";

/** Polls until the pipeline is updated or deleted. UpdatePipeline starts a new watch. */
export function watchSources(engine: Engine, line: Line): void {
  const row = engine.stateOf(line.account, line.region).pipelines.get(line.pipeline);
  const actions = row?.declaration.stages[0]?.actions.filter(isPolled) ?? [];
  if (row === undefined || actions.length === 0) return;
  const version = row.declaration.version;
  const tick = (): void => {
    engine.clock.after(INTERVAL, () => {
      const now = engine.stateOf(line.account, line.region).pipelines.get(line.pipeline);
      if (engine.cloud.stopping() || now === undefined) return;
      if (now.declaration.version !== version || now.created.getTime() !== row.created.getTime()) return;
      engine.cloud.spawn(`codepipeline ${line.pipeline} polling`, async () => {
        for (const action of actions) await pollSource(engine, line, action);
      });
      tick();
    });
  };
  tick();
}

async function pollSource(engine: Engine, line: Line, action: Action): Promise<void> {
  const state = engine.stateOf(line.account, line.region);
  const row = state.pipelines.get(line.pipeline);
  if (row === undefined) return;
  const key = `${line.pipeline}/${action.name}`;
  try {
    const pipelineRole = await assumePipelineRole(engine, line, row.declaration.roleArn);
    const role = await assumeActionRole(engine, line, pipelineRole, action.roleArn);
    const { VersionId: version = "" } = await engine.cloud.invoke<{ VersionId?: string }>({
      service: "s3",
      operation: "HeadObject",
      input: { Bucket: action.configuration["S3Bucket"], Key: action.configuration["S3ObjectKey"] },
      principal: role.session,
      region: line.region,
    });
    const taken = [...state.executions(line.pipeline).values()].some(({ revisions }) =>
      revisions.some((revision) => revision.actionName === action.name && revision.revisionId === version),
    );
    if (taken || state.polled.get(key)?.version === version) return;
    state.polled.set(key, { version });
    engine.drive(line, {
      kind: "start",
      id: randomUUID(),
      trigger: { triggerType: "PollForSourceChanges", triggerDetail: action.name },
      variables: defaults(row.declaration),
      sourceRevisions: [],
    });
  } catch (error) {
    // An absent object or a missing permission is tried again at the next poll.
    if (!isAwsError(error)) throw error;
  }
}
