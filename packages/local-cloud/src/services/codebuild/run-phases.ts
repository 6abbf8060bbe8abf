/** Runs the commands of the buildspec's phases in the build's shell. */
import type { BuildPhaseType } from "@aws-sdk/client-codebuild";
import { type Buildspec, type PhaseName, phaseNames } from "#cloud/build/buildspec.ts";
import type { Shell } from "#cloud/build/shell.ts";
import type { BuildLog, Ended, Run } from "./build-context.ts";
import type { Recorder } from "./phase-recorder.ts";

const phaseTypes: Readonly<Record<PhaseName, BuildPhaseType>> = {
  install: "INSTALL",
  pre_build: "PRE_BUILD",
  build: "BUILD",
  post_build: "POST_BUILD",
};

/**
 * After a failed `build` phase `post_build` still runs. A failed `install` or `pre_build` ends the build,
 * unless the phase has `on-failure: CONTINUE` (CodeBuild User Guide, "Build spec reference").
 */
export async function runPhases(
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
