/**
 * Commands: runs shell commands on the input artifacts with the action's role, and keeps the declared
 * output files.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { memoryOf } from "#cloud/build/compute-type.ts";
import { baseEnvironment } from "#cloud/build/environment.ts";
import { isInside, select } from "#cloud/build/file-pattern.ts";
import { type Environment, openShell } from "#cloud/build/shell.ts";
import { unzipTo } from "#cloud/build/zip-reader.ts";
import { filesBelow, zipFiles } from "#cloud/build/zip-writer.ts";
import { writeLog } from "./command-log.ts";
import {
  type ActionProvider,
  failed,
  type Job,
  type Outcome,
  properties,
  type RuleProvider,
} from "./provider.ts";

const container = ["EnvironmentType", "ComputeType", "VpcId", "Subnets", "SecurityGroupIds"];

export const commands: ActionProvider = {
  categories: ["Compute"],
  provider: "Commands",
  inputs: [1, 10],
  outputs: [0, 1],
  v2: true,
  properties: properties([], container),
  timeoutMinutes: 55,
  start: runCommands,
};

export const commandsRule: RuleProvider = {
  provider: "Commands",
  inputs: [0, 10],
  outputs: [0, 0],
  properties: properties([], container),
  timeoutMinutes: 55,
  start: runCommands,
};

async function runCommands(job: Job): Promise<Outcome> {
  const folder = await mkdtemp(join(job.cloud.scratch, "commands-"));
  try {
    const source = join(folder, "src");
    const [primary, ...others] = job.inputs;
    if (primary !== undefined) await unzipTo(await primary.read(), source);
    const sources: Record<string, string> = { CODEBUILD_SRC_DIR: source };
    for (const input of others) {
      const inputFolder = join(folder, "inputs", input.name);
      await unzipTo(await input.read(), inputFolder);
      sources[`CODEBUILD_SRC_DIR_${input.name}`] = inputFolder;
    }
    const environment: Environment = {
      ...(await baseEnvironment({
        home: folder,
        region: job.region,
        endpoint: job.cloud.sandboxEndpoint(),
        credentials: job.credentials,
      })),
      ...sources,
      CODEPIPELINE_EXECUTION_ID: job.executionId,
      ...(await given(job)),
    };
    return await runAll(job, primary === undefined ? folder : source, folder, environment);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function given(job: Job): Promise<Environment> {
  const values: Record<string, string> = {};
  for (const { name, value, type } of job.environmentVariables) {
    if (type !== "SECRETS_MANAGER") {
      values[name] = value;
      continue;
    }
    const { SecretString = "" } = await job.call<{ SecretString?: string }>(
      "secretsmanager",
      "GetSecretValue",
      { SecretId: value },
    );
    values[name] = SecretString;
  }
  return values;
}

async function runAll(job: Job, cwd: string, folder: string, environment: Environment): Promise<Outcome> {
  const shell = await openShell({
    cwd,
    environment,
    ...{ folder, cloud: job.cloud },
    // The smallest compute type of CodeBuild, which Commands uses by default.
    memoryMb: memoryOf(undefined),
  });
  // The clock closes the shell at the deadline. The engine has failed the run by then.
  const timer = job.clock.at(job.deadline, () => void shell.close());
  const log: string[] = [];
  try {
    for (const command of job.commands) {
      log.push(`[Container] Running command ${command}`);
      const { exitCode, output } = await shell.run(command);
      if (output !== "") log.push(output.trimEnd());
      if (exitCode === 0) continue;
      await writeLog(job, log);
      return failed(
        "JobFailed",
        `Error while executing command: ${command}. Reason: exit status ${exitCode}${lastLine(output)}`,
      );
    }
    await writeLog(job, log);
    await shell.close();
    return await results(job, { folder, cwd }, shell.environment());
  } finally {
    timer.cancel();
    await shell.close();
  }
}

const lastLine = (output: string): string => {
  const line = output.trimEnd().split("\n").at(-1) ?? "";
  return line === "" ? "" : `. ${line}`;
};

async function results(
  job: Job,
  { folder, cwd }: { readonly folder: string; readonly cwd: string },
  environment: Environment,
): Promise<Outcome> {
  const names = job.outputVariables.map((name) => name.trim());
  const outputVariables = Object.fromEntries(names.map((name) => [name, environment[name] ?? ""]));
  const output = job.outputs[0];
  if (output !== undefined) {
    const patterns = output.files ?? ["**/*"];
    // A command may have replaced the folder by a link to files outside.
    const chosen = (await isInside(folder, cwd)) ? select(await filesBelow(cwd), patterns) : [];
    if (chosen.length === 0) {
      return failed(
        "JobFailed",
        `No files were found that match ${patterns.join(", ")} for the artifact ${output.name}.`,
      );
    }
    await output.write(await zipFiles(cwd, chosen));
  }
  return { status: "Succeeded", details: { outputVariables }, written: job.outputs.map(({ name }) => name) };
}
