/**
 * Checks charts and manifests as far as possible without a cluster: their structure, and the members that
 * identify an object.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { ToolFailure } from "./tool.ts";

export type KubernetesObject = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
};

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

/** Returns the object's name as kubectl writes it: `deployment.apps/web`. */
export const objectName = ({ apiVersion, kind, name }: KubernetesObject): string => {
  const group = apiVersion.includes("/") ? `.${apiVersion.split("/")[0]}` : "";
  return `${kind.toLowerCase()}${group}/${name}`;
};

/** Throws kubectl's error for a document that is not an object. */
export function readManifests(
  content: string,
  path: string,
  namespace?: string,
): readonly KubernetesObject[] {
  const documents = parseAllDocuments(content).flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw new ToolFailure(`error parsing ${path}: ${error.message.split("\n")[0]}`);
    const value: unknown = document.toJS();
    return value === null ? [] : [value];
  });
  return documents.flatMap((value) => objectsIn(value, path, namespace));
}

function objectsIn(value: unknown, path: string, namespace: string | undefined): readonly KubernetesObject[] {
  const fields = isFields(value) ? value : {};
  const apiVersion = text(fields["apiVersion"]);
  const kind = text(fields["kind"]);
  if (apiVersion === undefined || kind === undefined) {
    const unset = [apiVersion === undefined && "apiVersion not set", kind === undefined && "kind not set"];
    throw new ToolFailure(
      `error validating "${path}": error validating data: [${unset.filter(Boolean).join(", ")}]`,
    );
  }
  if (kind.endsWith("List") && Array.isArray(fields["items"]))
    return fields["items"].flatMap((item) => objectsIn(item, path, namespace));
  const metadata = isFields(fields["metadata"]) ? fields["metadata"] : {};
  const name = text(metadata["name"]);
  if (name === undefined)
    throw new ToolFailure(`error when retrieving from "${path}": resource name may not be empty`);
  const own = text(metadata["namespace"]);
  if (own !== undefined && namespace !== undefined && own !== namespace) {
    throw new ToolFailure(
      `the namespace from the provided object "${own}" does not match the namespace "${namespace}". You must pass '--namespace=${own}' to perform this operation.`,
    );
  }
  return [{ apiVersion, kind, name, ...(own !== undefined && { namespace: own }) }];
}

export function manifestsAt(folder: string, path: string, namespace?: string): readonly KubernetesObject[] {
  const file = join(folder, path);
  if (!existsSync(file)) throw new ToolFailure(`the path "${path}" does not exist`);
  return readManifests(readFileSync(file, "utf8"), path, namespace);
}

type Chart = { readonly name: string; readonly version: string };

/** Throws Helm's error for a folder that is not a chart. */
export function readChart(folder: string, path: string): Chart {
  const home = join(folder, path);
  if (!existsSync(home) || !statSync(home).isDirectory()) throw new ToolFailure(`path "${path}" not found`);
  const file = join(home, "Chart.yaml");
  if (!existsSync(file)) throw new ToolFailure("Chart.yaml file is missing");
  const chart = yamlAt(file, "Chart.yaml");
  for (const field of ["apiVersion", "name", "version"]) {
    if (text(chart[field]) === undefined)
      throw new ToolFailure(`validation: chart.metadata.${field} is required`);
  }
  if (chart["type"] === "library") throw new ToolFailure("library charts are not installable");
  if (existsSync(join(home, "values.yaml"))) yamlAt(join(home, "values.yaml"), "values.yaml");
  const needs = Array.isArray(chart["dependencies"]) ? chart["dependencies"] : [];
  const missing = needs
    .map((each) => (isFields(each) ? text(each["name"]) : undefined))
    .filter((name) => name !== undefined)
    .filter((name) => !existsSync(join(home, "charts", name)) && !existsSync(join(home, "charts")));
  if (missing.length > 0)
    throw new ToolFailure(
      `found in Chart.yaml, but missing in charts/ directory: ${missing.join(", ")}; run helm dependency build before packing`,
    );
  return { name: String(chart["name"]), version: String(chart["version"]) };
}

export function checkValues(folder: string, path: string): void {
  const file = join(folder, path);
  if (!existsSync(file)) throw new ToolFailure(`open ${path}: no such file or directory`);
  yamlAt(file, path);
}

function yamlAt(file: string, name: string): Fields {
  let value: unknown;
  try {
    value = parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new ToolFailure(`cannot load ${name}: ${(error as Error).message.split("\n")[0]}`);
  }
  if (value === null || isFields(value)) return value ?? {};
  throw new ToolFailure(`cannot load ${name}: it is not a mapping`);
}
