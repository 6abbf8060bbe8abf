/** Serves AWS CodeBuild: its builds run buildspecs as child processes with the service role's credentials. */
import * as sdk from "@aws-sdk/client-codebuild";
import { defineService } from "#cloud/kernel/service.ts";
import {
  batchDeleteBuilds,
  batchGetBuilds,
  listBuilds,
  listBuildsForProject,
  retryBuild,
  startBuild,
  stopBuild,
} from "./builds.ts";
import { batchGetProjects, createProject, deleteProject, listProjects, updateProject } from "./projects.ts";
import { runBuild } from "./run-build.ts";
import { type CodeBuildState, codeBuildState } from "./state.ts";

export const codebuild = defineService<CodeBuildState, typeof sdk>(
  {
    name: "codebuild",
    sdk,
    protocols: ["json-1.1"],
    target: "CodeBuild_20161006",
    state: codeBuildState,
    // A build that a stop of the cloud interrupted runs again from its beginning.
    start: (context) => {
      for (const location of context.locations()) {
        const { builds } = context.stateOf(location.account, location.region);
        for (const row of [...builds.values()].filter(({ build }) => !build.buildComplete)) {
          builds.set(row.build.id, {
            ...row,
            build: { ...row.build, phases: row.build.phases?.slice(0, 2) },
          });
          context.cloud.spawn(`codebuild ${row.build.id}`, () => runBuild(context, location, row.build.id));
        }
      }
    },
  },
  {
    BatchDeleteBuilds: batchDeleteBuilds,
    BatchGetBuilds: batchGetBuilds,
    BatchGetProjects: batchGetProjects,
    CreateProject: createProject,
    DeleteProject: deleteProject,
    ListBuilds: listBuilds,
    ListBuildsForProject: listBuildsForProject,
    ListProjects: listProjects,
    RetryBuild: retryBuild,
    StartBuild: startBuild,
    StopBuild: stopBuild,
    UpdateProject: updateProject,
  },
);
