/** Implements StartBuild, StopBuild, RetryBuild and the operations that list and describe builds. */
import { randomUUID } from "node:crypto";
import type { Build, StartBuildInput } from "@aws-sdk/client-codebuild";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Call } from "#cloud/kernel/service.ts";
import {
  access,
  accessAll,
  accessBuilds,
  buildArn,
  buildId,
  findProject,
  passRole,
  projectOf,
} from "./names.ts";
import { newBuild } from "./new-build.ts";
import type { CodeBuildOperation } from "./operation.ts";
import { overrideKeys } from "./override-keys.ts";
import { pageOf } from "./page.ts";
import { runBuild } from "./run-build.ts";
import type { BuildRow, CodeBuildState } from "./state.ts";

/** A token is valid for five minutes (CodeBuild API Reference, StartBuild, "idempotencyToken"). */
const TOKEN_MS = 5 * 60_000;

export const startBuild: CodeBuildOperation<"StartBuild"> = {
  access: (request, call) => [
    { ...access(call, "StartBuild", request.projectName ?? ""), context: overrideKeys(request) },
    ...(request.serviceRoleOverride === undefined ? [] : [passRole(request.serviceRoleOverride)]),
  ],
  run: (input, call) => ({ build: start(call, input) }),
};

export const retryBuild: CodeBuildOperation<"RetryBuild"> = {
  access: ({ id = "" }, call) => access(call, "RetryBuild", projectOf(id)),
  run: ({ id = "", idempotencyToken }, call) => {
    const { idempotencyToken: _, ...request } = findBuild(call, id).request;
    return {
      build: start(call, { ...request, ...(idempotencyToken !== undefined && { idempotencyToken }) }),
    };
  },
};

function start(call: Call<CodeBuildState>, request: StartBuildInput): Build {
  const { state, clock } = call;
  const project = findProject(call, request.projectName);
  const token =
    request.idempotencyToken === undefined ? undefined : `${project.name}/${request.idempotencyToken}`;
  const known = token === undefined ? undefined : state.tokens.get(token);
  if (known !== undefined && clock.now().getTime() - known.at.getTime() < TOKEN_MS)
    return findBuild(call, known.build).build;
  const id = `${project.name}:${randomUUID()}`;
  if (token !== undefined) state.tokens.set(token, { build: id, at: clock.now() });
  const buildNumber = (state.numbers.get(project.name) ?? 0) + 1;
  state.numbers.set(project.name, buildNumber);
  const build = newBuild(call, project, request, { id, buildNumber });
  state.builds.set(id, { build, request, log: [] });
  call.cloud.spawn(`codebuild ${id}`, () =>
    runBuild(call, { account: call.account, region: call.region }, id),
  );
  return build;
}

function findBuild({ state }: Call<CodeBuildState>, id: string): BuildRow {
  const row = state.builds.get(buildId(id));
  if (row !== undefined) return row;
  throw new AwsError("ResourceNotFoundException", `The specified build does not exist: ${id}`);
}

export const stopBuild: CodeBuildOperation<"StopBuild"> = {
  access: ({ id = "" }, call) => access(call, "StopBuild", projectOf(id)),
  run: ({ id = "" }, call) => {
    const row = findBuild(call, id);
    call.state.running.get(row.build.id)?.("STOPPED");
    return { build: findBuild(call, id).build };
  },
};

export const batchGetBuilds: CodeBuildOperation<"BatchGetBuilds"> = {
  access: ({ ids }, call) => accessBuilds(call, "BatchGetBuilds", ids),
  run: ({ ids = [] }, { state }) => ({
    builds: ids.flatMap((id) => state.builds.get(buildId(id))?.build ?? []),
    buildsNotFound: ids.filter((id) => !state.builds.has(buildId(id))),
  }),
};

export const batchDeleteBuilds: CodeBuildOperation<"BatchDeleteBuilds"> = {
  access: ({ ids }, call) => accessBuilds(call, "BatchDeleteBuilds", ids),
  run: ({ ids = [] }, call) => {
    const deletable = (id: string): boolean =>
      call.state.builds.get(buildId(id))?.build.buildComplete === true;
    const buildsDeleted = ids.filter(deletable).map((id) => buildArn(call, buildId(id)));
    const kept = ids.filter((id) => !deletable(id));
    const buildsNotDeleted = kept.map((id) => ({
      id,
      statusCode: call.state.builds.has(buildId(id)) ? "BUILD_IN_PROGRESS" : "BUILD_NOT_FOUND",
    }));
    for (const id of ids.filter(deletable)) call.state.builds.delete(buildId(id));
    return { buildsDeleted, buildsNotDeleted };
  },
};

const newestFirst = (rows: Iterable<BuildRow>, sortOrder: string | undefined): string[] => {
  const ids = [...rows].map(({ build }) => build.id);
  return sortOrder === "ASCENDING" ? ids : ids.reverse();
};

export const listBuilds: CodeBuildOperation<"ListBuilds"> = {
  access: () => accessAll("ListBuilds"),
  run: ({ sortOrder, nextToken }, { state }) => {
    const page = pageOf(newestFirst(state.builds.values(), sortOrder), nextToken);
    return { ids: page.items, ...page.next };
  },
};

export const listBuildsForProject: CodeBuildOperation<"ListBuildsForProject"> = {
  access: ({ projectName = "" }, call) => access(call, "ListBuildsForProject", projectName),
  run: ({ projectName, sortOrder, nextToken }, call) => {
    const { name } = findProject(call, projectName);
    const rows = [...call.state.builds.values()].filter(({ build }) => build.projectName === name);
    const page = pageOf(newestFirst(rows, sortOrder), nextToken);
    return { ids: page.items, ...page.next };
  },
};
