/** Locates the input and output artifacts of a run, and lets the action read and write them. */
import type { InputArtifact, OutputArtifact } from "#cloud/action-providers/provider.ts";
import type { ArtifactStore } from "#cloud/pipeline/declaration.ts";
import type { RunDetails } from "#cloud/pipeline/execution.ts";
import { type Caller, copyObject, newLocation, readObject, writeObject } from "./artifact-io.ts";
import { configurationError } from "./configuration-error.ts";
import type { Engine, Line } from "./engine.ts";
import type { Found } from "./find-run.ts";
import type { Worker } from "./roles.ts";

/**
 * An artifact in a stored run. The stored field keeps its name `place`, so that old data directories stay
 * readable.
 */
type LocatedArtifact = NonNullable<RunDetails["inputs"]>[number];

/**
 * Locates the inputs. For a cross-region action the pipeline's role first copies them to the action's region.
 */
export async function collectInputs(
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
    } else throw configurationError(`The input artifact ${name} was not produced by a preceding action.`);
  }
  return inputs;
}

/** A run that is observed again keeps the locations of its outputs. */
export const locateOutputs = (
  { run, declared }: Found,
  store: ArtifactStore,
  pipeline: string,
): readonly LocatedArtifact[] =>
  run.details.outputs ??
  ("outputArtifacts" in declared
    ? declared.outputArtifacts.map(({ name }) => ({ name, place: newLocation(store, pipeline, name) }))
    : []);

export function jobInput(
  caller: Caller,
  { execution }: Found,
  { name, place: location }: LocatedArtifact,
): InputArtifact {
  const revisionId = execution.artifacts[name]?.revisionId;
  return {
    name,
    location,
    read: () => readObject(caller, location),
    ...(revisionId !== undefined && { revisionId }),
  };
}

export function jobOutput(
  caller: Caller,
  { declared }: Found,
  store: ArtifactStore,
  { name, place: location }: LocatedArtifact,
): OutputArtifact {
  const files =
    "outputArtifacts" in declared
      ? declared.outputArtifacts.find((output) => output.name === name)?.files
      : undefined;
  return {
    name,
    location,
    write: (body) => writeObject(caller, store, location, body),
    ...(files && { files }),
  };
}
