/**
 * Reads the Terraform configuration of a folder: its backend, its variables, and the resources of all its
 * modules.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, normalize, resolve } from "node:path";
import { type Block, type Body, literal, parseHcl } from "./hcl.ts";
import { type ToolContext, ToolFailure } from "./tool.ts";

export type Resource = { readonly address: string; readonly digest: string };

export type Configuration = {
  readonly backend: { readonly type: string; readonly settings: Readonly<Record<string, string>> };
  readonly resources: readonly Resource[];
  /** Names and sources of the required providers. */
  readonly providers: readonly string[];
};

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

const isOverride = (name: string): boolean => /(^|_)override\.tf$/.test(name);

/** Returns the files of a module in terraform's order: overrides last. */
function filesOf(folder: string): readonly Body[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".tf"));
  if (readdirSync(folder).some((name) => name.endsWith(".tf.json")))
    throw new ToolFailure("recorded: files in JSON syntax (.tf.json) are not read here.");
  return [...names.filter((name) => !isOverride(name)).sort(), ...names.filter(isOverride).sort()].map(
    (name) => parseHcl(readFileSync(join(folder, name), "utf8"), name),
  );
}

const blocksOf = (files: readonly Body[], type: string): readonly Block[] =>
  files.flatMap(({ blocks }) => blocks.filter((block) => block.type === type));

export function readConfiguration(
  context: ToolContext,
  values: Readonly<Record<string, string>>,
): Configuration {
  const files = filesOf(context.cwd);
  if (files.length === 0) throw new ToolFailure("No configuration files: no .tf file in this folder.");
  const settings = blocksOf(files, "terraform").flatMap(({ blocks }) => blocks);
  const backend = settings.findLast(({ type }) => type === "backend" || type === "cloud");
  const providers = settings
    .filter(({ type }) => type === "required_providers")
    .flatMap(({ attributes }) => Object.entries(attributes))
    .map(([name, said]) => /source\s*=\s*"([^"]+)"/.exec(said)?.[1] ?? `hashicorp/${name}`);
  return {
    backend: {
      type: backend?.type === "cloud" ? "cloud" : (backend?.labels[0] ?? "local"),
      settings: Object.fromEntries(
        Object.entries(backend?.attributes ?? {}).map(([name, said]) => [name, literal(said) ?? said]),
      ),
    },
    resources: resourcesIn(context.cwd, files, "", JSON.stringify(values), []),
    providers: [...new Set(providers)].sort(),
  };
}

/**
 * The digest of a resource includes the values that come from outside its block, because they change the
 * resource too.
 */
function resourcesIn(
  folder: string,
  files: readonly Body[],
  prefix: string,
  outsideValues: string,
  parents: readonly string[],
): readonly Resource[] {
  const locals = JSON.stringify(blocksOf(files, "locals").map(({ text }) => text));
  const own = blocksOf(files, "resource").map(({ labels, line, text }): Resource => {
    const [type, name] = labels;
    if (type === undefined || name === undefined || labels.length > 2)
      throw new ToolFailure(`Invalid resource block on line ${line}: a resource has a type and a name.`);
    const outside = /\b(var|local)\./.test(text) ? outsideValues + locals : "";
    return { address: `${prefix}${type}.${name}`, digest: sha256(text + outside) };
  });
  const twice = own.find(({ address }, index) => own.findIndex((each) => each.address === address) !== index);
  if (twice !== undefined) throw new ToolFailure(`Duplicate resource "${twice.address}" configuration.`);
  const modules = blocksOf(files, "module").flatMap(({ labels, attributes, text }) => {
    const source = literal(attributes["source"]);
    const name = labels[0] ?? "";
    if (source === undefined) throw new ToolFailure(`Module "${name}" has no literal source.`);
    // The content of a registry or a repository is unknown here, so the module call stands for it.
    if (!/^\.\.?\//.test(source))
      return [{ address: `${prefix}module.${name}`, digest: sha256(text + outsideValues) }];
    const path = normalize(join(folder, source));
    if (!existsSync(path))
      throw new ToolFailure(`Unreadable module directory: ${source} of module "${name}".`);
    if (parents.includes(path)) throw new ToolFailure(`Module "${name}" contains itself.`);
    return resourcesIn(path, filesOf(path), `${prefix}module.${name}.`, text + outsideValues + locals, [
      ...parents,
      path,
    ]);
  });
  return [...own, ...modules];
}

/**
 * Reads the root module's variables from files, options and environment. A variable without a value is an
 * error.
 */
export function readVariables(
  context: ToolContext,
  files: readonly string[],
): Readonly<Record<string, string>> {
  const automatic = readdirSync(context.cwd)
    .filter((name) => /^terraform\.tfvars(\.json)?$|\.auto\.tfvars(\.json)?$/.test(name))
    .sort(
      (a, b) => Number(b.startsWith("terraform.")) - Number(a.startsWith("terraform.")) || (a < b ? -1 : 1),
    );
  const given: Record<string, string> = {};
  for (const [name, value = ""] of Object.entries(context.environment)) {
    if (name.startsWith("TF_VAR_")) given[name.slice("TF_VAR_".length)] = JSON.stringify(value);
  }
  for (const file of [...automatic, ...files]) Object.assign(given, valuesIn(context, file));
  const declared = blocksOf(filesOf(context.cwd), "variable");
  const missing = declared.find(
    ({ labels, attributes }) => attributes["default"] === undefined && given[labels[0] ?? ""] === undefined,
  );
  if (missing !== undefined) throw new ToolFailure(`No value for required variable "${missing.labels[0]}".`);
  const names = declared.map(({ labels }) => labels[0] ?? "").sort();
  return Object.fromEntries(
    names.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])),
  );
}

function valuesIn({ cwd }: ToolContext, file: string): Readonly<Record<string, string>> {
  if (!existsSync(resolve(cwd, file)))
    throw new ToolFailure(`Failed to read variables file ${file}: it does not exist.`);
  const text = readFileSync(resolve(cwd, file), "utf8");
  if (!file.endsWith(".json")) return parseHcl(text, file).attributes;
  const values = JSON.parse(text) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)]));
}
