/** The names of pipeline artifacts that CodeBuild projects of applications read and write in the anchor's cache. */
import { pipelinePrefix } from "#release/names/deployed-names.ts";

/** CodePipeline cuts an artifact's name to ten characters; an environment's begins with what it is. */
export const handedToBuilds = ["Prepared_*", "Plan_*"].map((name) => `${pipelinePrefix}*/${name}`);

export const madeByBuilds = `${pipelinePrefix}*/Plan_*`;
