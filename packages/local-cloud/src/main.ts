#!/usr/bin/env node
/** Runs the embedded cloud alone: empty, for any account, until it is stopped. */
import { Command, Option } from "commander";
import { startCloud } from "./cloud.ts";
import { olderClients } from "./older-clients.ts";
import { portNumber } from "./port-number.ts";

const program = new Command("cloud")
  .description(
    "Boots an embedded AWS on a loopback port: many accounts, IAM enforced, no release system in it.",
  )
  .option("--port <number>", "port to listen on; 0 takes any free one", portNumber, 4566)
  .option("--data <directory>", "keep all state in this directory and find it again at the next start")
  .option(
    "--host <name>",
    "a further name that clients reach it by, beside 127.0.0.1 and localhost (repeatable)",
    (name: string, before: string[]) => [...before, name.toLowerCase()],
    [] as string[],
  )
  .option("--region <region>", "region of calls that name none", "us-east-1")
  .addOption(
    new Option(
      "--admin-secret <text>",
      "the secret access key that administrators need; any other is refused",
    ).env("LOCAL_CLOUD_ADMIN_SECRET"),
  )
  .option("--quiet", "say nothing but the address")
  .parse();
const options = program.opts<{
  port: number;
  data?: string;
  region: string;
  host: string[];
  adminSecret?: string;
  quiet?: boolean;
}>();

const secret = options.adminSecret === undefined ? "any" : "<the admin secret>";

const cloud = await startCloud({
  port: options.port,
  defaultRegion: options.region,
  hosts: options.host,
  fallbackAccount: "123456789012",
  ...(options.data !== undefined && { dataDir: options.data }),
  ...(options.adminSecret !== undefined && { adminSecret: options.adminSecret }),
  log: options.quiet ? () => undefined : (line) => process.stderr.write(`${line}\n`),
}).catch((error: NodeJS.ErrnoException) => {
  const reason =
    error.code === "EADDRINUSE"
      ? `port ${options.port} is in use; choose another with --port`
      : error.message;
  process.stderr.write(`cloud: cannot start: ${reason}\n`);
  process.exit(1);
});

process.stderr.write(`${await cloud.sandboxNotice()}\n`);
process.stdout.write(`embedded cloud ready at ${cloud.endpoint}

  export AWS_ENDPOINT_URL=${cloud.endpoint} AWS_REGION=${cloud.region} AWS_DEFAULT_REGION=${cloud.region}
  export AWS_ACCESS_KEY_ID=111111111111 AWS_SECRET_ACCESS_KEY=${secret}   # any 12 digits: that account's administrator
  aws sts get-caller-identity      # AWS CLI 2.13, 1.29 or later; ${olderClients(cloud.endpoint)}
  curl -X POST -H 'x-local-cloud: 1' ${cloud.endpoint}/_cloud/reset   # empties it
`);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    void cloud.stop().then(() => process.exit(0));
  });
}
