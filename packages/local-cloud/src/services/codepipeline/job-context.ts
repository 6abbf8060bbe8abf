/** Prepares a run: resolves its variables, assumes its roles, locates its input and output artifacts. */

import type { InputArtifact, Job, OutputArtifact } from "#cloud/action-providers/provider.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { type ArtifactStore, storeOf } from "#cloud/pipeline/declaration.ts";
import type { RunDetails } from "#cloud/pipeline/execution.ts";
import { resolveConfiguration, resolveText, type Scope } from "#cloud/pipeline/variables.ts";
import { copyObject, newLocation, readObject, writeObject } from "./artifact-io.ts";
import type { Engine, Line } from "./engine.ts";
import type { Found } from "./find-run.ts";
import { openJob } from "./jobs.ts";
import { pipelineArn } from "./names.ts";
import { assumeActionRole, assumePipelineRole, issueLimitedCredentials, type Worker } from "./roles.ts";

/**
 * An artifact in a stored run. The stored field keeps its name `place`, so that old data directories stay
 * readable.
 */
type LocatedArtifact = NonNullable<RunDetails["inputs"]>[number];

const misconfigured = (message: string): AwsError => new AwsError("ConfigurationError", message);

export async function openJobContext(engine: Engine, line: Line, found: Found, deadline: Date): Promise<Job> {
  const { execution, run, declared, region } = found;
  const { declaration } = found.row;
  const store = storeOf(declaration, region);
  if (store === undefined) throw misconfigured(`The pipeline has no artifact store in ${region}.`);
  const resolved = resolve(found);
  const pipelineRole = await assumePipelineRole(engine, line, declaration.roleArn);
  const worker = await assumeActionRole(engine, line, pipelineRole, declared.roleArn);
  const inputs = await collectInputs(engine, line, found, pipelineRole, store);
  const outputs =
    run.details.outputs ??
    ("outputArtifacts" in declared
      ? declared.outputArtifacts.map(({ name }) => ({ name, place: newLocation(store, line.pipeline, name) }))
      : []);
  if (run.details.resolvedConfiguration === undefined) {
    engine.drive(line, {
      kind: "report",
      execution: execution.id,
      run: run.id,
      details: {
        resolvedConfiguration: resolved.configuration,
        roleArn: declared.roleArn ?? declaration.roleArn,
        inputs,
        outputs,
      },
    });
  }
  const at = { cloud: engine.cloud, role: worker.session, region };
  const toJobInput = ({ name, place: location }: LocatedArtifact): InputArtifact => {
    const revisionId = execution.artifacts[name]?.revisionId;
    return {
      name,
      location,
      read: () => readObject(at, location),
      ...(revisionId !== undefined && { revisionId }),
    };
  };
  const toJobOutput = ({ name, place: location }: LocatedArtifact): OutputArtifact => {
    const files =
      "outputArtifacts" in declared
        ? declared.outputArtifacts.find((output) => output.name === name)?.files
        : undefined;
    return {
      name,
      location,
      write: (body) => writeObject(at, store, location, body),
      ...(files && { files }),
    };
  };
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
    inputs: inputs.map(toJobInput),
    outputs: outputs.map(toJobOutput),
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

type Resolved = Pick<Job, "configuration" | "commands" | "environmentVariables">;

/** Resolves the configuration. A reference to a variable without a value fails the action before it runs. */
function resolve({ execution, declared, run }: Found): Resolved {
  const scope: Scope = {
    ...execution.namespaces,
    variables: { ...execution.namespaces["variables"], ...execution.variables },
    codepipeline: { PipelineExecutionId: execution.id },
  };
  const { configuration, missing } = resolveConfiguration(
    run.details.resolvedConfiguration ?? declared.configuration,
    run.details.resolvedConfiguration === undefined ? scope : {},
  );
  const unknown = run.details.resolvedConfiguration === undefined ? [...missing] : [];
  const text = (value: string): string => {
    const result = resolveText(value, scope);
    unknown.push(...result.missing);
    return result.text;
  };
  const commands = (declared.commands ?? []).map(text);
  const environmentVariables =
    "environmentVariables" in declared
      ? (declared.environmentVariables ?? []).map((variable) => ({
          ...variable,
          value: text(variable.value),
        }))
      : [];
  if (unknown.length > 0) {
    throw misconfigured(
      `The following variables are referenced but were not produced by a preceding action: ${[...new Set(unknown)].join(", ")}`,
    );
  }
  return { configuration, commands, environmentVariables };
}

/**
 * Locates the inputs. For a cross-region action the pipeline's role first copies them to the action's region.
 */
async function collectInputs(
  engine: Engine,
  line: Line,
  { execution, declared, region }: Found,
  pipelineRole: Worker,
  store: ArtifactStore,
): Promise<readonly LocatedArtifact[]> {
  const inputs: LocatedArtifact[] = [];
  for (const { name } of declared.inputArtifacts) {
    const locations = execution.artifacts[name]?.places ?? {};
    const here = locations[region];
    const [otherRegion] = Object.entries(locations);
    if (here !== undefined) inputs.push({ name, place: here });
    else if (otherRegion !== undefined) {
      const location = newLocation(store, line.pipeline, name);
      const [there, source] = otherRegion;
      const at = (where: string) => ({ cloud: engine.cloud, role: pipelineRole.session, region: where });
      await copyObject(at(there), source, at(region), store, location);
      inputs.push({ name, place: location });
    } else throw misconfigured(`The input artifact ${name} was not produced by a preceding action.`);
  }
  return inputs;
}
