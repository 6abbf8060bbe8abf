/** The port to the executions and stage transitions of the pipelines. */
import type { ActionRun, Execution, StageNow } from "#release/line/observation.ts";

type Start = {
  readonly pipeline: string;
  /** The version of the release bundle. */
  readonly bundle: string;
  readonly token: string;
};

export type Executions = {
  /** The newest twenty, newest first; none when there is no such pipeline. */
  readonly list: (pipeline: string) => Promise<readonly Execution[]>;
  readonly stages: (pipeline: string) => Promise<readonly StageNow[]>;
  /** In order of time. */
  readonly actions: (pipeline: string, execution: string) => Promise<readonly ActionRun[]>;
  readonly start: (start: Start) => Promise<void>;
  /** Work under way is abandoned. An execution that has ended is left as it is. */
  readonly stop: (pipeline: string, execution: string, reason: string) => Promise<void>;
  readonly disableTransition: (pipeline: string, stage: string, reason: string) => Promise<void>;
  readonly enableTransition: (pipeline: string, stage: string) => Promise<void>;
};
