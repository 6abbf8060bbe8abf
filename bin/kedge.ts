#!/usr/bin/env node
/** The command line for dev teams, approvers and the cloud team; the same against AWS and the embedded cloud. */
import { Command, CommanderError } from "commander";
import { ReleaseError } from "#release/errors/errors.ts";
import { registerAccess } from "./commands/access.ts";
import { registerApprove } from "./commands/approve.ts";
import { registerCheck } from "./commands/check.ts";
import { registerEstate } from "./commands/estate.ts";
import { registerHistory } from "./commands/history.ts";
import { CommandError, exitCodes } from "./commands/outcome.ts";
import { registerPublish } from "./commands/publish.ts";
import { registerPush } from "./commands/push.ts";
import { registerRedrive } from "./commands/redrive.ts";
import { registerStatus } from "./commands/status.ts";
import { registerSweep } from "./commands/sweep.ts";
import { registerTeardown } from "./commands/teardown.ts";
import { registerTemplate } from "./commands/template/index.ts";
import { registerTraits } from "./commands/traits.ts";

const program = new Command("kedge")
  .description("Release what your CI built: upload it, and follow it through the accounts.")
  .version("1.0.0")
  .showHelpAfterError("(see --help)")
  .addHelpText(
    "after",
    `
Credentials, region and endpoint are those of every AWS tool (AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL, …).

Exit codes: 0 released or done · 1 failed · 2 rejected · 3 superseded by a newer upload · 4 timed out · 64 wrong usage`,
  )
  .exitOverride();
for (const register of [
  registerPush,
  registerCheck,
  registerStatus,
  registerHistory,
  registerApprove,
  registerTeardown,
  registerSweep,
  registerRedrive,
  registerEstate,
  registerAccess,
  registerPublish,
  registerTemplate,
  registerTraits,
])
  register(program);
for (const command of program.commands) command.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
  if (error instanceof ReleaseError) {
    process.stderr.write(`kedge: ${error.code}: ${error.message}\n  ${error.remedy}\n`);
    return exitCodes.rejected;
  }
  if (error instanceof CommandError) {
    process.stderr.write(`kedge: ${error.message}\n`);
    return error.exitCode;
  }
  const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
  process.stderr.write(`kedge: ${name}: ${message}\n`);
  return exitCodes.failed;
}
