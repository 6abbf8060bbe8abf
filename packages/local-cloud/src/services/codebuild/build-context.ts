/** The state that the steps of one build share. */
import type { ServiceContext } from "#cloud/kernel/service.ts";
import type { Location } from "./names.ts";
import type { BuildRow, CodeBuildState } from "./state.ts";

export type BuildLog = { readonly write: (text: string) => void; readonly flush: () => Promise<void> };

export type Context = Pick<ServiceContext<CodeBuildState>, "cloud" | "clock" | "stateOf">;

/** The status of a build that ended before its last phase. */
export type Ended = "STOPPED" | "TIMED_OUT";

/** The context of one build, which its steps share. */
export type Run = {
  readonly context: Context;
  readonly location: Location;
  readonly row: () => BuildRow;
  readonly change: (build: Partial<BuildRow["build"]>) => void;
  readonly folder: string;
  /** The folder of the primary source. */
  readonly source: string;
  readonly call: <Result>(service: string, operation: string, input: unknown) => Promise<Result>;
  readonly log: BuildLog;
};
