#!/usr/bin/env node
import { olderClients } from "@kedge/local-cloud/older-clients";
import { portNumber } from "@kedge/local-cloud/port-number";
/** The estate on a laptop: boots it in an embedded cloud, prints what to copy and paste, and stays up. */
import { Command, Option } from "commander";
import { type BootedEstate, bootEstate } from "#local-estate/boot.ts";
import { localRelease, publishCli } from "#local-estate/local-release.ts";
import { formatKey } from "#release/names/key.ts";
import { version } from "./version.ts";

const options = new Command("local")
  .description("Boots an embedded AWS with the estate of an estate file in it, and stays up.")
  .option("--port <number>", "port to listen on; 0 takes any free one", portNumber, 4566)
  .option("--data <directory>", "keep all state in this directory and find it again at the next start")
  .option(
    "--host <name>",
    "a further name that clients reach it by, beside 127.0.0.1 and localhost (repeatable)",
    (name: string, before: string[]) => [...before, name.toLowerCase()],
    [] as string[],
  )
  .option("--estate <file>", "the estate file", "examples/estate.yml")
  .option("--bundles <folder>", "the folder of a build (npm run build); without it the sources are bundled")
  .addOption(
    new Option("--admin-secret <text>", "the secret access key that administrators need").env(
      "LOCAL_CLOUD_ADMIN_SECRET",
    ),
  )
  .option("--verbose", "print the embedded cloud's log")
  .parse()
  .opts<{
    port: number;
    data?: string;
    estate: string;
    host: string[];
    bundles?: string;
    adminSecret?: string;
    verbose?: boolean;
  }>();

const begun = Date.now();
const { booted, cli } = await start().catch((error: NodeJS.ErrnoException) => {
  const reason =
    error.code === "EADDRINUSE"
      ? `port ${options.port} is in use; choose another with --port`
      : (error.stack ?? error.message);
  process.stderr.write(`local: cannot start: ${reason}\n`);
  process.exit(1);
});

process.stderr.write(`  ${await booted.running.sandboxNotice()}\n`);
process.stdout.write(welcome(booted));

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    void booted.running.stop().then(() => process.exit(0));
  });
}

async function start() {
  const onStep = (step: string): void =>
    void process.stderr.write(`  ${((Date.now() - begun) / 1000).toFixed(1)}s  ${step}\n`);
  await using release = await localRelease(version(), options.bundles);
  const booted = await bootEstate({
    port: options.port,
    estateFile: options.estate,
    hosts: options.host,
    bundles: release.bundles,
    ...(options.data !== undefined && { dataDir: options.data }),
    ...(options.adminSecret !== undefined && { adminSecret: options.adminSecret }),
    onStep,
    log: options.verbose ? (text) => process.stderr.write(`${text}\n`) : () => undefined,
  });
  const packed = await release.packed;
  if (packed !== undefined) {
    await publishCli(booted, version(), packed);
    onStep("published the packed command line below cli/ of the artifact bucket");
  }
  return { booted, cli: packed !== undefined };
}

function welcome({ endpoint, region, bucket, accounts, estate }: BootedEstate): string {
  const anchor = estate.anchors[0];
  const account = anchor?.account ?? estate.central;
  const key = formatKey({ account, app: "shop", branch: "main" });
  const strict = options.adminSecret !== undefined;
  const secretRule = strict ? "its secret is that of --admin-secret" : "any secret will do";
  const secretHint = strict ? "<the admin secret>" : "any";
  const names = Object.entries(accounts).map(([name, id]) => `    ${id}  ${name}`);
  return `
The estate is up at ${endpoint} (${region}).

  Accounts (an access key of these 12 digits is the account's administrator; ${secretRule})
${names.join("\n")}

  Artifact bucket: ${bucket}

In another terminal:

  export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=${region} AWS_DEFAULT_REGION=${region}
  export AWS_ACCESS_KEY_ID=${account} AWS_SECRET_ACCESS_KEY=${secretHint}
  export KEDGE_ARTIFACT_BUCKET=${bucket} KEDGE_ESTATE=${options.estate}

  npx kedge check examples/shop-sam --app shop --branch main
  npx kedge push examples/shop-sam --app shop --branch main
  npx kedge approve --app shop --branch main          # from a third terminal, when it waits
  npx kedge teardown --app shop --branch main --yes

The same with aws (AWS CLI 2.13, 1.29 or later; ${olderClients(endpoint)}):

  (cd examples/shop-sam && zip -qr /tmp/shop.zip .)
  aws s3 cp /tmp/shop.zip s3://${bucket}/${key}
  aws s3 cp s3://${bucket}/results/${key.replace("latest.zip", "latest.json")} -
  aws codepipeline list-pipelines
  aws codepipeline get-pipeline-state --name <pipeline> --query "stageStates[].actionStates[?latestExecution.token].[actionName,latestExecution.token]"
  aws codepipeline put-approval-result --pipeline-name <pipeline> --stage-name prod --action-name Approve \\
    --token <token> --result status=Approved,summary=ok
  AWS_ACCESS_KEY_ID=${anchor?.environments.at(-1)?.account ?? account} aws cloudformation list-stacks
  aws s3api put-object --bucket ${bucket} --key ${key}             # the tombstone
${cli ? `  aws s3 cp s3://${bucket}/cli/kedge.tgz - | tar xz              # the command line of a CI: node package/kedge.mjs\n` : ""}
Stop with Ctrl-C.
`;
}
