/** Records the phases of a build and their results. Entering a phase ends the previous one. */
import type { BuildPhaseType, StatusType } from "@aws-sdk/client-codebuild";
import type { Run } from "./build-context.ts";

export type Recorder = {
  readonly enter: (type: BuildPhaseType) => void;
  readonly fail: (code: string, message: string, status?: StatusType) => void;
  readonly has: (type: BuildPhaseType) => boolean;
};

export function phaseRecorder(run: Pick<Run, "row" | "change"> & { readonly now: () => Date }): Recorder {
  const close = (status: StatusType, contexts?: { statusCode: string; message: string }[]): void => {
    const phases = [...(run.row().build.phases ?? [])];
    const last = phases.at(-1);
    if (last === undefined) return;
    const endTime = run.now();
    const seconds = Math.round((endTime.getTime() - (last.startTime ?? endTime).getTime()) / 1000);
    phases[phases.length - 1] = {
      ...last,
      phaseStatus: last.phaseStatus ?? status,
      endTime: last.endTime ?? endTime,
      durationInSeconds: last.durationInSeconds ?? seconds,
      contexts: last.contexts ?? contexts ?? [{ statusCode: "", message: "" }],
    };
    run.change({ phases });
  };
  return {
    enter: (phaseType) => {
      close("SUCCEEDED");
      const phases = run.row().build.phases ?? [];
      run.change({ currentPhase: phaseType, phases: [...phases, { phaseType, startTime: run.now() }] });
    },
    fail: (statusCode, message, status = "FAILED") => close(status, [{ statusCode, message }]),
    has: (type) => run.row().build.phases?.some(({ phaseType }) => phaseType === type) ?? false,
  };
}
