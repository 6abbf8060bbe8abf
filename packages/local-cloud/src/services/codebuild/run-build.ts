/**
 * Runs a build through its phases, from the source to the uploaded artifacts, and records the status of each
 * phase.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { BuildPhaseType, StatusType } from "@aws-sdk/client-codebuild";
import { type Buildspec, type PhaseName, parseBuildspec, phaseNames } from "#cloud/build/buildspec.ts";
import { openShell, type Shell } from "#cloud/build/shell.ts";
import { AwsError, isAwsError } from "#cloud/kernel/aws-error.ts";
import { uploadArtifacts } from "./artifacts.ts";
import type { BuildLog, Context, Run } from "./build-context.ts";
import { buildEnvironment } from "./environment.ts";
import { openLog } from "./log.ts";
import { assumeServiceRole, type Location } from "./names.ts";
import { findBuildspec, readSources } from "./source.ts";
import type { BuildRow } from "./state.ts";

type Ended = "STOPPED" | "TIMED_OUT";

export async function runBuild(context: Context, location: Location, id: string): Promise<void> {
  const state = context.stateOf(location.account, location.region);
  const row = (): BuildRow => state.builds.get(id) as BuildRow;
  const change = (build: Partial<BuildRow["build"]>): void =>
    void state.builds.set(id, { ...row(), build: { ...row().build, ...build } });
  const folder = await mkdtemp(join(context.cloud.scratch, "build-"));
  const closing: { ended?: Ended; shell?: Shell } = {};
  const end = (status: Ended): void => {
    closing.ended ??= status;
    closing.shell?.close();
  };
  const minutes = row().build.timeoutInMinutes ?? 60;
  const timer = context.clock.after(minutes * 60_000, () => end("TIMED_OUT"));
  state.running.set(id, end);
  const phases = phaseRecorder({ row, change, now: context.clock.now });
  let status: StatusType = "SUCCEEDED";
  let log: BuildLog | undefined;
  try {
    phases.enter("PROVISIONING");
    const { session, credentials } = await assumeServiceRole(
      context,
      location,
      row().build.projectName,
      row().build.serviceRole ?? "",
    );
    const call = <Result>(service: string, operation: string, input: unknown): Promise<Result> =>
      context.cloud.invoke<Result>({
        service,
        operation,
        input,
        principal: session,
        region: location.region,
      });
    log = openLog({
      context,
      row,
      call,
      keep: (lines) => void state.builds.set(id, { ...row(), log: lines }),
    });
    const run: Run = { context, location, row, change, folder, source: join(folder, "src"), call, log };
    phases.enter("DOWNLOAD_SOURCE");
    const sources = await readSources(run);
    const spec = parseBuildspec(await findBuildspec(run));
    const environment = await buildEnvironment(run, spec, sources, credentials);
    const shell = await openShell({
      cwd: run.source,
      environment,
      folder: join(folder, "shell"),
      onStop: context.cloud.onStop,
    });
    closing.shell = shell;
    status = await runPhases(run, spec, shell, phases, () => closing.ended);
    const reachedEnd = phases.has("POST_BUILD");
    if (closing.ended === undefined && reachedEnd) {
      phases.enter("UPLOAD_ARTIFACTS");
      await uploadArtifacts(run, spec);
    }
    const values = shell.environment();
    change({
      exportedEnvironmentVariables: spec.exported.map((name) => ({ name, value: values[name] ?? "" })),
    });
  } catch (error) {
    status = "FAILED";
    const code = isAwsError(error, "YAML_FILE_ERROR", "CLIENT_ERROR") ? error.code : "CLIENT_ERROR";
    const message =
      error instanceof AwsError && code === "CLIENT_ERROR" && error.code !== code
        ? `${error.code}: ${error.message}`
        : String((error as Error).message);
    phases.fail(code, message);
    if (!(error instanceof AwsError)) context.cloud.log(`codebuild ${id}: ${String((error as Error).stack)}`);
  } finally {
    timer.cancel();
    closing.shell?.close();
    state.running.delete(id);
    await rm(folder, { recursive: true, force: true });
  }
  if (context.cloud.stopping()) return;
  const final: StatusType = closing.ended ?? status;
  if (closing.ended !== undefined) {
    phases.fail(
      closing.ended === "TIMED_OUT" ? "BUILD_TIMED_OUT" : "",
      closing.ended === "TIMED_OUT" ? `Build has timed out.` : "",
      closing.ended,
    );
  }
  phases.enter("FINALIZING");
  phases.enter("COMPLETED");
  await log?.flush();
  change({
    buildStatus: final,
    buildComplete: true,
    currentPhase: "COMPLETED",
    endTime: context.clock.now(),
  });
}

const phaseTypes: Readonly<Record<PhaseName, BuildPhaseType>> = {
  install: "INSTALL",
  pre_build: "PRE_BUILD",
  build: "BUILD",
  post_build: "POST_BUILD",
};

/**
 * Runs the buildspec's phases. After a failed `build` phase `post_build` still runs. A failed `install` or
 * `pre_build` ends the build, unless the phase has `on-failure: CONTINUE` (CodeBuild User Guide, "Build spec
 * reference").
 */
async function runPhases(
  { log }: Run,
  spec: Buildspec,
  shell: Shell,
  phases: Recorder,
  ended: () => Ended | undefined,
): Promise<"SUCCEEDED" | "FAILED"> {
  let status: "SUCCEEDED" | "FAILED" = "SUCCEEDED";
  for (const name of phaseNames) {
    if (ended() !== undefined) return "FAILED";
    phases.enter(phaseTypes[name]);
    const phase = spec.phases[name];
    if (phase === undefined) continue;
    log.write(`[Container] Entering phase ${phaseTypes[name]}`);
    const failure = (await runAll(log, shell, phase.commands)) ?? undefined;
    const afterwards = await runAll(log, shell, phase.finally);
    const message = failure ?? afterwards;
    if (message === undefined) continue;
    if (ended() !== undefined) return "FAILED";
    status = "FAILED";
    phases.fail("COMMAND_EXECUTION_ERROR", message);
    log.write(`[Container] Phase context status code: COMMAND_EXECUTION_ERROR Message: ${message}`);
    await shell.run("export CODEBUILD_BUILD_SUCCEEDING=0");
    const goesOn = phase.onFailure === "CONTINUE" || (phase.onFailure === undefined && name === "build");
    if (!goesOn) return status;
  }
  return status;
}

async function runAll(log: BuildLog, shell: Shell, commands: readonly string[]): Promise<string | undefined> {
  for (const command of commands) {
    log.write(`[Container] Running command ${command}`);
    const { exitCode, output } = await shell.run(command);
    if (output !== "") log.write(output.trimEnd());
    if (exitCode !== 0) return `Error while executing command: ${command}. Reason: exit status ${exitCode}`;
  }
  return undefined;
}

type Recorder = {
  readonly enter: (type: BuildPhaseType) => void;
  readonly fail: (code: string, message: string, status?: StatusType) => void;
  readonly has: (type: BuildPhaseType) => boolean;
};

/** Records the phases: entering a phase ends the previous one. */
function phaseRecorder(run: Pick<Run, "row" | "change"> & { readonly now: () => Date }): Recorder {
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
