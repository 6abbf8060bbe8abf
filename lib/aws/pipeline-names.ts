/** Lists the pipelines of an account whose names begin with a prefix. */
import { type CodePipelineClient, paginateListPipelines } from "@aws-sdk/client-codepipeline";

export async function pipelineNames(
  codepipeline: CodePipelineClient,
  prefix: string,
): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { pipelines = [] } of paginateListPipelines({ client: codepipeline }, {}))
    names.push(...pipelines.map(({ name = "" }) => name));
  return names.filter((name) => name.startsWith(prefix));
}
