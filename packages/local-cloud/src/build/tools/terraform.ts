/**
 * The recorded `terraform`: reads the configuration, keeps state and plan files, and creates nothing. A plan is applied
 * only as it was made, and only to the state it was made from, as terraform itself has it.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Configuration, readConfiguration, readVariables } from "./terraform-config.ts";
import { type Backend, locked, readState, type State, writeState } from "./terraform-state.ts";
import { type Options, readOptions, runTool, ToolFailure, type ToolWorld } from "./tool.ts";

type Plan = {
  readonly recordedPlan: 1;
  readonly lineage: string;
  readonly serial: number;
  readonly lock: string;
  readonly before: State["resources"];
  readonly after: State["resources"];
};

const common = ["no-color", "json", "compact-warnings"];
const syntax: Readonly<
  Record<string, { readonly takes: readonly string[]; readonly flags: readonly string[] }>
> = {
  version: { takes: [], flags: common },
  init: {
    takes: ["backend-config", "lockfile"],
    flags: [...common, "input", "reconfigure", "upgrade", "get"],
  },
  validate: { takes: [], flags: common },
  plan: {
    takes: ["var-file", "var", "out", "lock-timeout", "parallelism"],
    flags: [...common, "input", "lock", "refresh", "destroy"],
  },
  apply: {
    takes: ["lock-timeout", "parallelism"],
    flags: [...common, "input", "lock", "auto-approve"],
  },
  destroy: {
    takes: ["var-file", "var", "lock-timeout", "parallelism"],
    flags: [...common, "input", "lock", "refresh", "auto-approve"],
  },
};

const folder = ".terraform";
const lockFile = ".terraform.lock.hcl";

async function terraform(world: ToolWorld): Promise<void> {
  const [command = "", ...rest] = world.words;
  const known = syntax[command];
  if (known === undefined) {
    const there = Object.keys(syntax).join(", ");
    throw new ToolFailure(`recorded: terraform ${command} is not there; there are ${there}.`);
  }
  const options = readOptions(rest, known);
  if (command === "version")
    return world.say("Terraform v1.11.0 (recorded: no provider runs, nothing is created)");
  if (command === "init") return await init(world, options);
  if (command === "validate") return validate(world);
  if (command === "plan") return await plan(world, options);
  if (command === "apply") return await apply(world, options);
  return await destroy(world, options);
}

async function init(world: ToolWorld, options: Options): Promise<void> {
  const { backend, providers } = readConfiguration(world, {});
  if (backend.type !== "s3")
    throw new ToolFailure(`recorded: the backend ${backend.type} is not kept here; s3 is.`);
  const settings: Record<string, string> = { ...backend.settings };
  for (const given of options.values("backend-config")) {
    const [, name = "", value = ""] = /^([a-z0-9_]+)=(.*)$/s.exec(given) ?? [];
    if (name === "")
      throw new ToolFailure(`Invalid backend configuration argument ${JSON.stringify(given)}.`);
    settings[name] = value;
  }
  for (const needed of ["bucket", "key", "region"]) {
    if ((settings[needed] ?? "") === "")
      throw new ToolFailure(`Missing required value: the attribute "${needed}" is required by the backend.`);
  }
  await readState(world, settings);
  mkdirSync(join(world.cwd, folder), { recursive: true });
  writeFileSync(join(world.cwd, folder, "terraform.tfstate"), JSON.stringify({ backend: settings }));
  if (!existsSync(join(world.cwd, lockFile)))
    writeFileSync(
      join(world.cwd, lockFile),
      providers.map((name) => `provider "registry.terraform.io/${name}" {}\n`).join(""),
    );
  world.say(`Initializing the backend: s3://${settings["bucket"]}/${settings["key"]}`);
  for (const provider of providers) world.say(`recorded: the provider ${provider} was not downloaded.`);
  world.say("Terraform has been successfully initialized!");
}

function backendOf({ cwd }: ToolWorld): Backend {
  const path = join(cwd, folder, "terraform.tfstate");
  if (!existsSync(path))
    throw new ToolFailure('Backend initialization required, please run "terraform init".');
  return (JSON.parse(readFileSync(path, "utf8")) as { readonly backend: Backend }).backend;
}

function validate(world: ToolWorld): void {
  readConfiguration(world, {});
  world.say("Success! The configuration is valid. (recorded: read, not evaluated)");
}

function wanted(world: ToolWorld, options: Options): Configuration {
  const given = options.values("var");
  if (given.length > 0) throw new ToolFailure("recorded: -var is not read here; -var-file is.");
  return readConfiguration(world, readVariables(world, options.values("var-file")));
}

const lockText = ({ cwd }: ToolWorld): string => readFileSync(join(cwd, lockFile), "utf8");

async function plan(world: ToolWorld, options: Options): Promise<void> {
  const backend = backendOf(world);
  const { resources } = wanted(world, options);
  const made = await locked(world, backend, async (): Promise<Plan> => {
    const { lineage, serial, resources: before } = await readState(world, backend);
    const after = options.value("destroy") === "true" ? [] : resources;
    return { recordedPlan: 1, lineage, serial, lock: lockText(world), before, after };
  });
  tell(world, made);
  const out = options.value("out");
  if (out === undefined) return;
  writeFileSync(resolve(world.cwd, out), JSON.stringify(made));
  world.say(`Saved the plan to: ${out}`);
}

type Changes = {
  readonly add: readonly string[];
  readonly change: readonly string[];
  readonly destroy: readonly string[];
};

function changesOf({ before, after }: Pick<Plan, "before" | "after">): Changes {
  const old = new Map(before.map(({ address, digest }) => [address, digest]));
  const kept = new Set(after.map(({ address }) => address));
  return {
    add: after.filter(({ address }) => !old.has(address)).map(({ address }) => address),
    change: after
      .filter(({ address, digest }) => old.has(address) && old.get(address) !== digest)
      .map(({ address }) => address),
    destroy: before.filter(({ address }) => !kept.has(address)).map(({ address }) => address),
  };
}

function tell(world: ToolWorld, made: Plan): void {
  const { add, change, destroy } = changesOf(made);
  for (const address of add) world.say(`  # ${address} will be created`);
  for (const address of change) world.say(`  # ${address} will be updated`);
  for (const address of destroy) world.say(`  # ${address} will be destroyed`);
  if (add.length + change.length + destroy.length === 0)
    world.say("No changes. Your infrastructure matches the configuration.");
  else world.say(`Plan: ${add.length} to add, ${change.length} to change, ${destroy.length} to destroy.`);
}

async function apply(world: ToolWorld, { operands }: Options): Promise<void> {
  const [file] = operands;
  if (file === undefined || operands.length > 1)
    throw new ToolFailure("recorded: apply takes one saved plan; an unseen plan is not applied here.");
  const backend = backendOf(world);
  const made = readPlan(world, file);
  if (made.lock !== lockText(world))
    throw new ToolFailure("Inconsistent dependency lock file: it is not the one the plan was made with.");
  await locked(world, backend, async () => {
    const now = await readState(world, backend);
    if (now.serial !== made.serial || (now.serial > 0 && now.lineage !== made.lineage))
      throw new ToolFailure("Saved plan is stale: the state was changed after the plan was made.");
    const { add, change, destroy } = changesOf(made);
    if (add.length + change.length + destroy.length > 0)
      await writeState(world, backend, { ...now, serial: now.serial + 1, resources: made.after });
    const counts = `${add.length} added, ${change.length} changed, ${destroy.length} destroyed`;
    world.say(`Apply complete! Resources: ${counts}. (recorded: nothing was created)`);
  });
}

function readPlan(world: ToolWorld, file: string): Plan {
  const refuse = (): ToolFailure => new ToolFailure(`Failed to load ${JSON.stringify(file)} as a plan file.`);
  try {
    const made = JSON.parse(readFileSync(resolve(world.cwd, file), "utf8")) as Plan;
    if (made.recordedPlan !== 1) throw refuse();
    return made;
  } catch {
    throw refuse();
  }
}

async function destroy(world: ToolWorld, options: Options): Promise<void> {
  if (options.value("auto-approve") !== "true")
    throw new ToolFailure("error asking for approval: there is nobody to say yes; use -auto-approve.");
  const backend = backendOf(world);
  wanted(world, options);
  await locked(world, backend, async () => {
    const now = await readState(world, backend);
    for (const { address } of now.resources) world.say(`${address}: Destruction complete (recorded)`);
    if (now.resources.length > 0)
      await writeState(world, backend, { ...now, serial: now.serial + 1, resources: [] });
    world.say(
      `Destroy complete! Resources: ${now.resources.length} destroyed. (recorded: nothing was there)`,
    );
  });
}

await runTool("terraform", terraform);
