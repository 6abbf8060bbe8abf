/** The options that every command takes, named as aws-cli names them. The SDK reads their values from the environment. */
import type { Command } from "commander";

type GlobalOptions = { readonly profile?: string; readonly region?: string; readonly endpointUrl?: string };

/** Options of the program that take the next word as their value. */
const withValue = ["--profile", "--region", "--endpoint-url"];

export const withGlobalOptions = (program: Command): Command =>
  program
    .option("--profile <name>", "profile of your AWS configuration (default: $AWS_PROFILE)")
    .option("--region <name>", "AWS region (default: $AWS_REGION, or the profile's)")
    .option("--endpoint-url <url>", "endpoint of every AWS service (default: $AWS_ENDPOINT_URL)")
    .hook("preAction", (_program, command) => applyGlobalOptions(command.optsWithGlobals<GlobalOptions>()));

/** aws-cli reads `AWS_DEFAULT_REGION` too; the SDK for JavaScript does not (AWS SDKs and Tools Reference Guide, "AWS Region"). */
function applyGlobalOptions({ profile, region, endpointUrl }: GlobalOptions): void {
  const inherited = process.env["AWS_REGION"] ?? process.env["AWS_DEFAULT_REGION"];
  const settings = { AWS_PROFILE: profile, AWS_REGION: region ?? inherited, AWS_ENDPOINT_URL: endpointUrl };
  for (const [name, value] of Object.entries(settings)) if (value !== undefined) process.env[name] = value;
}

/** The command's name on a command line: the first word that is neither an option nor an option's value. */
export function calledCommand(words: readonly string[]): string | undefined {
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (withValue.includes(word)) at += 1;
    else if (!word.startsWith("-")) return word;
  }
  return undefined;
}
