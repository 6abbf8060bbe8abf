/**
 * Runs a build: assumes the service role, downloads the source, runs the phases of the buildspec, uploads the
 * artifacts, and records the status of each phase.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { StatusType } from "@aws-sdk/client-codebuild";
import { parseBuildspec } from "#cloud/build/buildspec.ts";
import { memoryOf } from "#cloud/build/compute-type.ts";
import { openShell, type Shell } from "#cloud/build/shell.ts";
import { AwsError, isAwsError } from "#cloud/kernel/aws-error.ts";
import type { Credentials } from "#cloud/kernel/cloud-type.ts";
import { uploadArtifacts } from "./artifacts.ts";
import type { BuildLog, Context, Ended, Run } from "./build-context.ts";
import { buildEnvironment } from "./environment.ts";
import { openLog } from "./log.ts";
import { assumeServiceRole, type Location } from "./names.ts";
import { phaseRecorder, type Recorder } from "./phase-recorder.ts";
import { runPhases } from "./run-phases.ts";
import { findBuildspec, readSources } from "./source.ts";
import type { BuildRow } from "./state.ts";

/** The status with which a caller or the timer ended the build, and the shell that has to end with it. */
type Closing = { ended?: Ended; shell?: Shell };

export async function runBuild(context: Context, location: Location, id: string): Promise<void> {
  const { cloud, clock } = context;
  const state = context.stateOf(location.account, location.region);
  const row = (): BuildRow => state.builds.get(id) as BuildRow;
  const change = (build: Partial<BuildRow["build"]>): void =>
    void state.builds.set(id, { ...row(), build: { ...row().build, ...build } });
  const folder = await mkdtemp(join(cloud.scratch, "build-"));
  const closing: Closing = {};
  const end = (status: Ended): void => {
    closing.ended ??= status;
    void closing.shell?.close();
  };
  const minutes = row().build.timeoutInMinutes ?? 60;
  const timer = clock.after(minutes * 60_000, () => end("TIMED_OUT"));
  state.running.set(id, end);
  const phases = phaseRecorder({ row, change, now: clock.now });
  let status: StatusType = "SUCCEEDED";
  let log: BuildLog | undefined;
  try {
    phases.enter("PROVISIONING");
    const { call, credentials } = await provision(context, location, row());
    const keep = (lines: readonly string[]) => void state.builds.set(id, { ...row(), log: lines });
    log = openLog({ context, row, call, keep });
    const run: Run = { context, location, row, change, folder, source: join(folder, "src"), call, log };
    status = await build(run, credentials, phases, closing);
  } catch (error) {
    status = "FAILED";
    const { code, message } = failureOf(error);
    phases.fail(code, message);
    if (!(error instanceof AwsError)) cloud.log(`codebuild ${id}: ${String((error as Error).stack)}`);
  } finally {
    timer.cancel();
    await closing.shell?.close();
    state.running.delete(id);
    await rm(folder, { recursive: true, force: true });
  }
  if (cloud.stopping()) return;
  if (closing.ended === "TIMED_OUT") phases.fail("BUILD_TIMED_OUT", "Build has timed out.", "TIMED_OUT");
  if (closing.ended === "STOPPED") phases.fail("", "", "STOPPED");
  phases.enter("FINALIZING");
  phases.enter("COMPLETED");
  await log?.flush();
  change({
    buildStatus: closing.ended ?? status,
    buildComplete: true,
    currentPhase: "COMPLETED",
    endTime: clock.now(),
  });
}

/** Assumes the service role, as which the build calls other services. */
async function provision(
  context: Context,
  location: Location,
  { build: { projectName, serviceRole = "" } }: BuildRow,
): Promise<{ readonly call: Run["call"]; readonly credentials: Credentials }> {
  const { session, credentials } = await assumeServiceRole(context, location, projectName, serviceRole);
  const { region } = location;
  const call = <Result>(service: string, operation: string, input: unknown): Promise<Result> =>
    context.cloud.invoke<Result>({ service, operation, input, principal: session, region });
  return { call, credentials };
}

async function build(
  run: Run,
  credentials: Credentials,
  phases: Recorder,
  closing: Closing,
): Promise<StatusType> {
  phases.enter("DOWNLOAD_SOURCE");
  const sources = await readSources(run);
  const spec = parseBuildspec(await findBuildspec(run));
  const shell = await openShell({
    cwd: run.source,
    environment: await buildEnvironment(run, spec, sources, credentials),
    folder: run.folder,
    cloud: run.context.cloud,
    memoryMb: memoryOf(run.row().build.environment?.computeType),
  });
  closing.shell = shell;
  const status = await runPhases(run, spec, shell, phases, () => closing.ended);
  if (closing.ended === undefined && phases.has("POST_BUILD")) {
    phases.enter("UPLOAD_ARTIFACTS");
    // No process of the build may change a file while it is read.
    await shell.close();
    await uploadArtifacts(run, spec);
  }
  const values = shell.environment();
  run.change({
    exportedEnvironmentVariables: spec.exported.map((name) => ({ name, value: values[name] ?? "" })),
  });
  return status;
}

/** An error of AWS that CodeBuild has no code for becomes a CLIENT_ERROR, with AWS's own code in its message. */
function failureOf(error: unknown): { readonly code: string; readonly message: string } {
  const code = isAwsError(error, "YAML_FILE_ERROR", "CLIENT_ERROR") ? error.code : "CLIENT_ERROR";
  const message =
    error instanceof AwsError && code === "CLIENT_ERROR" && error.code !== code
      ? `${error.code}: ${error.message}`
      : String((error as Error).message);
  return { code, message };
}
