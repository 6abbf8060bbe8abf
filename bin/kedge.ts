#!/usr/bin/env node
/** The command line for dev teams, approvers and the cloud team; the same against AWS and the embedded cloud. */
import { Command } from "commander";
import { callerOf, withCallers, wordsOf } from "./commands/callers.ts";
import { registerCommands } from "./commands/index.ts";
import { calledCommand, withGlobalOptions } from "./input/global-options.ts";
import { endQuietlyOnClosedPipes } from "./show/closed-pipes.ts";
import { version } from "./version.ts";

endQuietlyOnClosedPipes();
// On Node 20, the AWS SDK warns each process that its later versions need Node 22. The packed command line keeps the version of
// the SDK that it was built with, so a user cannot act on the warning. The SDK has this variable for that warning alone
// (@aws-sdk/core, emitWarningIfUnsupportedVersion).
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
const words = process.argv.slice(2);
let called: Command | undefined;
const program = withGlobalOptions(new Command("kedge"))
  .description("Release what your CI built: upload it, and follow it through the accounts.")
  .version(version())
  .showHelpAfterError("(see --help)")
  .addHelpText(
    "after",
    `
Credentials, region and endpoint are those of every AWS tool (AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL, …).

Exit codes: 0 released or done · 1 failed · 2 rejected · 3 superseded by a newer upload · 4 timed out ·
  5 waiting for approval (push --until approval) · 64 wrong usage · 130 interrupted`,
  )
  .hook("preAction", (_program, command) => {
    called = command;
  })
  .exitOverride();

try {
  if (!["--version", "-V"].includes(words[0] ?? "")) await registerCommands(program, calledCommand(words));
  for (const command of program.commands) command.exitOverride();
  withCallers(program);
  await program.parseAsync();
} catch (error) {
  const { endOf } = await import("./show/outcome.ts");
  const { optionalBucketOf } = await import("./input/line-options.ts");
  const { exitCode, text } = await endOf(error, {
    command: `kedge ${called === undefined ? "" : wordsOf(called)}`.trim(),
    needs: called && callerOf(called),
    bucket: called && optionalBucketOf(called.opts()),
  });
  process.stderr.write(text);
  process.exitCode = exitCode;
}
