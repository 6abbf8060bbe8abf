/** What CodeBuild keeps in one account and region. */
import type { Build, Project, StartBuildInput } from "@aws-sdk/client-codebuild";
import type { OpenTable, Table } from "#cloud/kernel/store.ts";

export type BuildRow = {
  readonly build: Build & { readonly id: string; readonly projectName: string };
  /** What started it: a retry starts the same. */
  readonly request: StartBuildInput;
  /** The last lines of the log. */
  readonly log: readonly string[];
};

export type CodeBuildState = {
  readonly projects: Table<Project & { readonly name: string }>;
  readonly builds: Table<BuildRow>;
  readonly numbers: Table<number>;
  /** Idempotency tokens of starts, `<project>/<token>`. */
  readonly tokens: Table<{ readonly build: string; readonly at: Date }>;
  /** How to end what runs in this process. */
  readonly running: Map<string, (status: "STOPPED" | "TIMED_OUT") => void>;
};

export const codeBuildState = (table: OpenTable): CodeBuildState => ({
  projects: table("projects"),
  builds: table("builds"),
  numbers: table("numbers"),
  tokens: table("tokens"),
  running: new Map(),
});
