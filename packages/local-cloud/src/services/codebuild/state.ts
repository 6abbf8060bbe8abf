/** Defines CodeBuild's stored state in one account and region. */
import type { Build, Project, StartBuildInput } from "@aws-sdk/client-codebuild";
import type { OpenTable, Table } from "#cloud/kernel/store.ts";

export type BuildRow = {
  readonly build: Build & { readonly id: string; readonly projectName: string };
  /** The request that started the build; RetryBuild repeats it. */
  readonly request: StartBuildInput;
  /** The last lines of the log. */
  readonly log: readonly string[];
};

export type CodeBuildState = {
  readonly projects: Table<Project & { readonly name: string }>;
  readonly builds: Table<BuildRow>;
  readonly numbers: Table<number>;
  /** The idempotency tokens of StartBuild, by `<project>/<token>`. */
  readonly tokens: Table<{ readonly build: string; readonly at: Date }>;
  /** The functions that end the builds running in this process, by build id. */
  readonly running: Map<string, (status: "STOPPED" | "TIMED_OUT") => void>;
};

export const codeBuildState = (table: OpenTable): CodeBuildState => ({
  projects: table("projects"),
  builds: table("builds"),
  numbers: table("numbers"),
  tokens: table("tokens"),
  running: new Map(),
});
