/**
 * Lists the names of pipeline artifacts that CodeBuild projects of applications read and write in the
 * anchor's cache, and those of the planning project.
 */
import { pipelinePrefix } from "#release/names/deployed-names.ts";

/**
 * CodePipeline shortens an artifact's name to ten characters in its S3 keys. The name of an environment's
 * artifact begins with its kind.
 */
export const handedToBuilds = ["Prepared_*", "Plan_*"].map((name) => `${pipelinePrefix}*/${name}`);

/** Outputs of Package, Prepare and SmokeInput. CodePipeline itself only copies them to other regions. */
export const writtenByLambdas = ["Packaged/*", "Prepared_*", "Smoke*"].map(
  (name) => `${pipelinePrefix}*/${name}`,
);

/** The planning project gets the prepared artifact only. */
export const handedToPlans = `${pipelinePrefix}*/Prepared_*`;

export const madeByBuilds = `${pipelinePrefix}*/Plan_*`;
