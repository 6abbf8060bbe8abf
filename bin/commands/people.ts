/** `kedge people erase`: deletes the name of a person, so that the ids in records name no person any more. */
import type { Command } from "commander";
import { releaseDeps } from "#aws/deps-releases.ts";
import { awsConfig } from "#bin/input/aws-config.ts";
import { bucketOf, type LineOptions, withBucketOption } from "#bin/input/line-options.ts";
import { CommandError, exitCodes } from "#bin/show/outcome.ts";
import { print } from "#bin/show/print.ts";
import { authorNamed } from "#release/people/person.ts";
import { shownName } from "#release/people/shown-name.ts";

type EraseOptions = Pick<LineOptions, "bucket"> & { readonly account: string };

export function registerPeople(program: Command): void {
  const people = program.command("people").description("Work with the people in records.");
  const erase = people
    .command("erase")
    .argument("<name>", "session name of the person, or the address of an author")
    .description("Delete the name of a person. The id stays in the records.");
  withBucketOption(erase)
    .requiredOption("--account <id>", "account of the anchor")
    .addHelpText("after", "\nRun it after the releases of the person have ended.\n")
    .action(async (name: string, { account, ...options }: EraseOptions) => {
      const deps = releaseDeps(awsConfig(), bucketOf(options));
      // A session and an author of the same name are one person.
      const id = await deps.people.erase(account, authorNamed(name));
      if (id === undefined)
        throw new CommandError(
          `No record of ${account} has a person named ${shownName(name)}.`,
          exitCodes.failed,
        );
      print(`Erased. The records keep the id ${id}.`);
    });
}
