/** Prepares a run: resolves its variables, assumes its roles, locates its input and output artifacts. */

import type { Job } from "#cloud/action-providers/provider.ts";
import { storeOf } from "#cloud/pipeline/declaration.ts";
import { newLocation, writeObject } from "./artifact-io.ts";
import { configurationError } from "./configuration-error.ts";
import type { Engine, Line } from "./engine.ts";
import type { Found } from "./find-run.ts";
import { collectInputs, jobInput, jobOutput, locateOutputs } from "./job-artifacts.ts";
import { openJob } from "./jobs.ts";
import { pipelineArn } from "./names.ts";
import { resolveRun } from "./resolve-run.ts";
import { assumeActionRole, assumePipelineRole, issueLimitedCredentials } from "./roles.ts";

export async function openJobContext(engine: Engine, line: Line, found: Found, deadline: Date): Promise<Job> {
  const { execution, run, declared, region } = found;
  const { declaration } = found.row;
  const store = storeOf(declaration, region);
  if (store === undefined) throw configurationError(`The pipeline has no artifact store in ${region}.`);
  const resolved = resolveRun(found);
  const pipelineRole = await assumePipelineRole(engine, line, declaration.roleArn);
  const worker = await assumeActionRole(engine, line, pipelineRole, declared.roleArn);
  const inputs = await collectInputs(engine, line, found, pipelineRole, store);
  const outputs = locateOutputs(found, store, line.pipeline);
  if (run.details.resolvedConfiguration === undefined) {
    const roleArn = declared.roleArn ?? declaration.roleArn;
    const details = { resolvedConfiguration: resolved.configuration, roleArn, inputs, outputs };
    engine.drive(line, { kind: "report", execution: execution.id, run: run.id, details });
  }
  const caller = { cloud: engine.cloud, role: worker.session, region };
  return {
    cloud: engine.cloud,
    clock: engine.clock,
    pipeline: {
      name: line.pipeline,
      arn: pipelineArn(line, line.pipeline),
      account: line.account,
      region: line.region,
    },
    stage: run.stage,
    executionId: execution.id,
    runId: run.id,
    name: declared.name,
    kind: found.kind,
    mode: execution.mode,
    startTime: run.startTime,
    deadline,
    typeId: "actionTypeId" in declared ? declared.actionTypeId : declared.ruleTypeId,
    ...resolved,
    outputVariables: "outputVariables" in declared ? (declared.outputVariables ?? []) : [],
    sourceRevisions: execution.sourceRevisions,
    inputs: inputs.map((input) => jobInput(caller, found, input)),
    outputs: outputs.map((output) => jobOutput(caller, found, store, output)),
    ...(store.encryptionKey && { encryptionKey: store.encryptionKey }),
    region,
    role: worker.session,
    credentials: worker.credentials,
    call: (service, operation, input) =>
      engine.cloud.invoke({ service, operation, input, principal: worker.session, region }),
    keep: async (artifact, body) => {
      const location = newLocation(store, line.pipeline, artifact);
      await writeObject({ cloud: engine.cloud, role: pipelineRole.session, region }, store, location, body);
      return location;
    },
    issueLimitedCredentials: (policy) => issueLimitedCredentials(engine, line, declaration.roleArn, policy),
    openJob: (kind) => openJob(engine, line, found, kind, worker.session.account),
  };
}
