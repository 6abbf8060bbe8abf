/**
 * The recorded `terraform`: reads the configuration, keeps state and plan files, and creates no resource.
 * As in terraform itself, a plan is applied only unchanged, and only to the state from which it was made.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { literal, parseHcl } from "./hcl.ts";
import { type Configuration, readConfiguration, readVariables } from "./terraform-config.ts";
import { type Backend, locked, readState, type State, writeState } from "./terraform-state.ts";
import { type Options, readOptions, runTool, type ToolContext, ToolFailure } from "./tool.ts";

type Plan = {
  readonly recordedPlan: 1;
  readonly lineage: string;
  readonly serial: number;
  readonly lock: string;
  readonly before: State["resources"];
  readonly after: State["resources"];
  readonly providers?: readonly string[];
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
  show: { takes: [], flags: common },
  destroy: {
    takes: ["var-file", "var", "lock-timeout", "parallelism"],
    flags: [...common, "input", "lock", "refresh", "auto-approve"],
  },
};

const folder = ".terraform";
const lockFile = ".terraform.lock.hcl";

async function terraform(context: ToolContext): Promise<void> {
  const [command = "", ...rest] = context.words;
  const known = syntax[command];
  if (known === undefined) {
    const supported = Object.keys(syntax).join(", ");
    throw new ToolFailure(`recorded: terraform ${command} is not supported; use one of ${supported}.`);
  }
  const options = readOptions(rest, known);
  if (command === "version")
    return context.say("Terraform v1.11.0 (recorded: no provider runs, nothing is created)");
  if (command === "init") return await init(context, options);
  if (command === "validate") return validate(context);
  if (command === "plan") return await plan(context, options);
  if (command === "show") return show(context, options);
  if (command === "apply") return await apply(context, options);
  return await destroy(context, options);
}

async function init(context: ToolContext, options: Options): Promise<void> {
  const { backend, providers } = readConfiguration(context, {});
  if (backend.type !== "s3")
    throw new ToolFailure(`recorded: the backend ${backend.type} is not kept here; s3 is.`);
  const settings: Record<string, string> = { ...backend.settings };
  for (const given of options.values("backend-config"))
    Object.assign(settings, backendSettings(context, given));
  for (const needed of ["bucket", "key", "region"]) {
    if ((settings[needed] ?? "") === "")
      throw new ToolFailure(`Missing required value: the attribute "${needed}" is required by the backend.`);
  }
  checkInstallation(context, providers);
  await readState(context, settings);
  mkdirSync(join(context.cwd, folder), { recursive: true });
  writeFileSync(join(context.cwd, folder, "terraform.tfstate"), JSON.stringify({ backend: settings }));
  if (!existsSync(join(context.cwd, lockFile)))
    writeFileSync(
      join(context.cwd, lockFile),
      providers.map((name) => `provider "registry.terraform.io/${name}" {}\n`).join(""),
    );
  context.say(`Initializing the backend: s3://${settings["bucket"]}/${settings["key"]}`);
  for (const provider of providers) context.say(`recorded: the provider ${provider} was not downloaded.`);
  context.say("Terraform has been successfully initialized!");
}

/** `name=value`, or a file of such settings. */
function backendSettings({ cwd }: ToolContext, given: string): Readonly<Record<string, string>> {
  const [, name, value = ""] = /^([a-z0-9_]+)=(.*)$/s.exec(given) ?? [];
  if (name !== undefined) return { [name]: value };
  const path = resolve(cwd, given);
  if (!existsSync(path))
    throw new ToolFailure(`Invalid backend configuration argument ${JSON.stringify(given)}.`);
  const { attributes } = parseHcl(readFileSync(path, "utf8"), given);
  return Object.fromEntries(Object.entries(attributes).map(([key, said]) => [key, literal(said) ?? said]));
}

/** Only the providers that the command line's configuration includes can be installed. */
function checkInstallation({ environment, cwd }: ToolContext, providers: readonly string[]): void {
  const file = environment["TF_CLI_CONFIG_FILE"];
  if (file === undefined) return;
  const installation = parseHcl(readFileSync(resolve(cwd, file), "utf8"), file).blocks.find(
    ({ type }) => type === "provider_installation",
  );
  if (installation === undefined) return;
  const included = installation.blocks.flatMap(({ attributes }) =>
    [...(attributes["include"] ?? "").matchAll(/"([^"]+)"/g)].map(([, name]) => name),
  );
  const missing = providers.find((name) => !included.includes(name));
  if (missing !== undefined)
    throw new ToolFailure(
      `Failed to query available provider packages: provider registry.terraform.io/${missing} was not found in any of the search locations.`,
    );
}

function backendOf({ cwd }: ToolContext): Backend {
  const path = join(cwd, folder, "terraform.tfstate");
  if (!existsSync(path))
    throw new ToolFailure('Backend initialization required, please run "terraform init".');
  return (JSON.parse(readFileSync(path, "utf8")) as { readonly backend: Backend }).backend;
}

function validate(context: ToolContext): void {
  readConfiguration(context, {});
  context.say("Success! The configuration is valid. (recorded: read, not evaluated)");
}

function wanted(context: ToolContext, options: Options): Configuration {
  const given = options.values("var");
  if (given.length > 0) throw new ToolFailure("recorded: -var is not read here; -var-file is.");
  return readConfiguration(context, readVariables(context, options.values("var-file")));
}

const lockText = ({ cwd }: ToolContext): string => readFileSync(join(cwd, lockFile), "utf8");

async function plan(context: ToolContext, options: Options): Promise<void> {
  const backend = backendOf(context);
  const { resources, providers } = wanted(context, options);
  const work = async (): Promise<Plan> => {
    const { lineage, serial, resources: before } = await readState(context, backend);
    const after = options.value("destroy") === "true" ? [] : resources;
    return { recordedPlan: 1, lineage, serial, lock: lockText(context), before, after, providers };
  };
  const made = options.value("lock") === "false" ? await work() : await locked(context, backend, work);
  printPlan(context, made);
  const out = options.value("out");
  if (out === undefined) return;
  writeFileSync(resolve(context.cwd, out), JSON.stringify(made));
  context.say(`Saved the plan to: ${out}`);
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

function printPlan(context: ToolContext, made: Plan): void {
  const { add, change, destroy } = changesOf(made);
  for (const address of add) context.say(`  # ${address} will be created`);
  for (const address of change) context.say(`  # ${address} will be updated`);
  for (const address of destroy) context.say(`  # ${address} will be destroyed`);
  if (add.length + change.length + destroy.length === 0)
    context.say("No changes. Your infrastructure matches the configuration.");
  else context.say(`Plan: ${add.length} to add, ${change.length} to change, ${destroy.length} to destroy.`);
}

/** Prints a saved plan in the format of `terraform show -json`, without computed values. */
function show(context: ToolContext, options: Options): void {
  const [file] = options.operands;
  if (file === undefined || options.value("json") !== "true")
    throw new ToolFailure("recorded: show takes -json and one saved plan.");
  const { before, after, providers = [] } = readPlan(context, file);
  const { add, change, destroy } = changesOf({ before, after });
  const changes = (addresses: readonly string[], action: string) =>
    addresses.map((address) => ({ address, mode: "managed", change: { actions: [action] } }));
  const configured = providers.map((name) => [
    name.replace(/^.*\//, ""),
    { name: name.replace(/^.*\//, ""), full_name: `registry.terraform.io/${name}` },
  ]);
  context.say(
    JSON.stringify({
      format_version: "1.2",
      terraform_version: "1.11.0",
      resource_changes: [
        ...changes(add, "create"),
        ...changes(change, "update"),
        ...changes(destroy, "delete"),
      ],
      configuration: { provider_config: Object.fromEntries(configured), root_module: {} },
    }),
  );
}

async function apply(context: ToolContext, { operands }: Options): Promise<void> {
  const [file] = operands;
  if (file === undefined || operands.length > 1)
    throw new ToolFailure("recorded: apply takes one saved plan; an unseen plan is not applied here.");
  const backend = backendOf(context);
  const made = readPlan(context, file);
  if (made.lock !== lockText(context))
    throw new ToolFailure("Inconsistent dependency lock file: it is not the one the plan was made with.");
  await locked(context, backend, async () => {
    const now = await readState(context, backend);
    if (now.serial !== made.serial || (now.serial > 0 && now.lineage !== made.lineage))
      throw new ToolFailure("Saved plan is stale: the state was changed after the plan was made.");
    const { add, change, destroy } = changesOf(made);
    if (add.length + change.length + destroy.length > 0)
      await writeState(context, backend, { ...now, serial: now.serial + 1, resources: made.after });
    const counts = `${add.length} added, ${change.length} changed, ${destroy.length} destroyed`;
    context.say(`Apply complete! Resources: ${counts}. (recorded: nothing was created)`);
  });
}

function readPlan(context: ToolContext, file: string): Plan {
  const invalidPlan = (): ToolFailure =>
    new ToolFailure(`Failed to load ${JSON.stringify(file)} as a plan file.`);
  try {
    const made = JSON.parse(readFileSync(resolve(context.cwd, file), "utf8")) as Plan;
    if (made.recordedPlan !== 1) throw invalidPlan();
    return made;
  } catch {
    throw invalidPlan();
  }
}

async function destroy(context: ToolContext, options: Options): Promise<void> {
  if (options.value("auto-approve") !== "true")
    throw new ToolFailure("error asking for approval: no terminal can answer; use -auto-approve.");
  const backend = backendOf(context);
  wanted(context, options);
  await locked(context, backend, async () => {
    const now = await readState(context, backend);
    for (const { address } of now.resources) context.say(`${address}: Destruction complete (recorded)`);
    if (now.resources.length > 0)
      await writeState(context, backend, { ...now, serial: now.serial + 1, resources: [] });
    context.say(
      `Destroy complete! Resources: ${now.resources.length} destroyed. (recorded: nothing was there)`,
    );
  });
}

await runTool("terraform", terraform);
