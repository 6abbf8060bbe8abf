/** Provides the folder in which the workers of a test run share results that cost much time. */
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** It may not exist yet. */
    readonly runFolder: string;
  }
}

/** The projects of a run share one folder, so its name depends only on the process of the run. */
export const runFolder = (): string => join(tmpdir(), `kedge-test-run-${process.pid}`);

/** Vitest calls this function before the first test of a project, and the returned function after the last. */
export function setup(project: TestProject): () => Promise<void> {
  project.provide("runFolder", runFolder());
  return () => rm(runFolder(), { recursive: true, force: true });
}
