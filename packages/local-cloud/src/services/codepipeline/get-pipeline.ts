/** Implements GetPipeline and ListPipelines. */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { toSdkDeclaration } from "./create-pipeline.ts";
import { access, accessAll, findPipeline, pipelineArn } from "./names.ts";
import type { CodePipelineOperation } from "./operation.ts";
import { pageOf } from "./page.ts";

export const getPipeline: CodePipelineOperation<"GetPipeline"> = {
  access: ({ name }, call) => access(call, "GetPipeline", name),
  run: ({ name = "", version }, call) => {
    const row = findPipeline(call, name);
    const current = row.declaration.version;
    const declaration =
      version === undefined || version === current
        ? row.declaration
        : call.state.versions.get(`${name}@${version}`);
    if (declaration === undefined) {
      throw new AwsError(
        "PipelineVersionNotFoundException",
        `Pipeline '${name}' does not have a version '${version}' in account '${call.account}'`,
      );
    }
    return {
      pipeline: toSdkDeclaration(declaration),
      metadata: { pipelineArn: pipelineArn(call, name), created: row.created, updated: row.updated },
    };
  },
};

export const listPipelines: CodePipelineOperation<"ListPipelines"> = {
  access: () => accessAll("ListPipelines"),
  run: ({ nextToken, maxResults }, { state }) => {
    const rows = [...state.pipelines.values()].sort((a, b) =>
      a.declaration.name < b.declaration.name ? -1 : 1,
    );
    const page = pageOf(rows, nextToken, maxResults ?? 1000);
    return {
      pipelines: page.items.map(({ declaration, created, updated }) => ({
        name: declaration.name,
        version: declaration.version,
        pipelineType: declaration.pipelineType,
        executionMode: declaration.executionMode,
        created,
        updated,
      })),
      ...page.next,
    };
  },
};
