/**
 * Reads the manifests of a synthesized CDK app: its stacks, the environments of each, and their order. A
 * nested assembly with the name of an environment belongs to that environment alone.
 */

import { isObject, type PlainObject, type PlainValue } from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { stackIds } from "./stack-ids.ts";

export type CdkStack = {
  readonly id: string;
  /** As people call it: its path in the app. */
  readonly name: string;
  /** The name that the app gives the stack; other stacks refer to it by this name. */
  readonly stackName: string;
  /** Of the assembly it belongs to, with a slash at its end. */
  readonly folder: string;
  readonly path: string;
  /** The lists of its assets. */
  readonly assets: readonly string[];
  readonly level: number;
  /** Ids of the stacks it needs. */
  readonly after: readonly string[];
  readonly account?: string;
  readonly region?: string;
  /** The only environment it is for. */
  readonly only?: string;
};

type Artifact = PlainObject & { readonly type: string };
type Manifest = {
  readonly artifacts: Readonly<Record<string, Artifact>>;
  readonly missing: readonly PlainObject[];
};
type Found = Omit<CdkStack, "id" | "after"> & { readonly key: string; readonly needs: readonly string[] };

/** Undefined when the text is no assembly's manifest, such as that of a web app. */
export function readManifest(text: string): Manifest | undefined {
  const json = parsed(text);
  if (!isObject(json) || typeof json["version"] !== "string" || !isObject(json["artifacts"]))
    return undefined;
  const artifacts = Object.entries(json["artifacts"]).flatMap(([id, artifact]): [string, Artifact][] =>
    isObject(artifact) && typeof artifact["type"] === "string" ? [[id, artifact as Artifact]] : [],
  );
  const missing = Array.isArray(json["missing"]) ? (json["missing"] as readonly PlainObject[]) : [];
  return { artifacts: Object.fromEntries(artifacts), missing };
}

type AssemblyFiles = {
  /** The manifest's path and text; `files` has those of nested assemblies. */
  readonly path: string;
  readonly text: string;
  readonly files: ReadonlyMap<string, string>;
  readonly environments: readonly string[];
};

/** Throws `AssemblyUnsupported` for an app whose context lookups were not resolved at synthesis. */
export function readStacks({ path, text, files, environments }: AssemblyFiles): readonly CdkStack[] {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const found = [...stacksIn(folder, text, { files, environments }, 0)];
  const ids = stackIds(found.map(({ name }) => name));
  const idOf = new Map(found.map(({ key }, index) => [key, ids[index] ?? ""]));
  return found.map(({ key, needs, ...stack }) => ({
    ...stack,
    id: idOf.get(key) ?? "",
    after: needs.flatMap((need) => idOf.get(need) ?? []),
  }));
}

type Around = Pick<AssemblyFiles, "files" | "environments">;

function* stacksIn(
  folder: string,
  text: string,
  around: Around,
  base: number,
  only?: string,
): Generator<Found> {
  const manifest = readManifest(text);
  if (manifest === undefined)
    throw unsupported(`${folder}manifest.json should be the manifest of a nested assembly and is not.`);
  rejectMissing(folder, manifest);
  const { artifacts } = manifest;
  const levelOf = levels(artifacts);
  for (const [id, artifact] of Object.entries(artifacts)) {
    const properties = isObject(artifact["properties"]) ? artifact["properties"] : {};
    const name = textOr(artifact["displayName"] ?? properties["displayName"], id);
    const level = base + levelOf(id);
    if (artifact.type === "cdk:cloud-assembly") {
      const inner = `${folder}${textOr(properties["directoryName"], id)}/`;
      const own = only ?? sameName(around.environments, name.split("/").at(-1) ?? "");
      yield* stacksIn(inner, around.files.get(`${inner}manifest.json`) ?? "", around, level, own);
    }
    if (artifact.type !== "aws:cloudformation:stack") continue;
    const needs = [...dependenciesOf(artifacts, id)];
    yield {
      key: folder + id,
      name,
      stackName: textOr(properties["stackName"], id),
      folder,
      path: `${folder}${textOr(properties["templateFile"], `${id}.template.json`)}`,
      assets: needs.flatMap((need) => assetList(artifacts[need], folder)),
      needs: needs.filter((need) => artifacts[need]?.type === artifact.type).map((need) => folder + need),
      level,
      ...locationOf(artifact),
      ...(only !== undefined && { only }),
    };
  }
}

const sameName = (environments: readonly string[], name: string): string | undefined =>
  environments.find((environment) => environment.toLowerCase() === name.toLowerCase());

/** All stacks that it depends on, directly or indirectly. */
function dependenciesOf(artifacts: Manifest["artifacts"], id: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const visit = (each: string): void => {
    for (const next of namesIn(artifacts[each]?.["dependencies"])) {
      if (seen.has(next) || next === id) continue;
      seen.add(next);
      visit(next);
    }
  };
  visit(id);
  return seen;
}

/** A stack is one level above the highest it needs. */
function levels(artifacts: Manifest["artifacts"]): (id: string) => number {
  const known = new Map<string, number>();
  const levelOf = (id: string): number => {
    const before = known.get(id);
    if (before !== undefined) return before;
    known.set(id, 0); // the CDK lets no stacks need each other; if some did, CloudFormation would say so
    const level = namesIn(artifacts[id]?.["dependencies"]).map(
      (need) => levelOf(need) + (artifacts[need]?.type === "aws:cloudformation:stack" ? 1 : 0),
    );
    known.set(id, Math.max(0, ...level));
    return Math.max(0, ...level);
  };
  return levelOf;
}

function assetList(artifact: Artifact | undefined, folder: string): readonly string[] {
  const properties = artifact?.["properties"];
  if (artifact?.type !== "cdk:asset-manifest" || !isObject(properties)) return [];
  return typeof properties["file"] === "string" ? [folder + properties["file"]] : [];
}

/** `aws://unknown-account/unknown-region` fits any place. */
function locationOf(artifact: Artifact): Pick<CdkStack, "account" | "region"> {
  const [, account = "", region = ""] =
    /^aws:\/\/([^/]+)\/([^/]+)$/.exec(textOr(artifact["environment"], "")) ?? [];
  return {
    ...(/^\d{12}$/.test(account) && { account }),
    ...(region !== "" && region !== "unknown-region" && { region }),
  };
}

function rejectMissing(folder: string, { missing }: Manifest): void {
  if (missing.length === 0) return;
  const keys = missing.map((each) => textOr(each["key"] ?? null, "a value")).join(", ");
  throw unsupported(
    `${folder}manifest.json has missing context values: ${keys}. Synthesize the app once with credentials and commit cdk.context.json.`,
  );
}

export const unsupported = (seen: string): ReleaseError => new ReleaseError("AssemblyUnsupported", seen);

const namesIn = (value: PlainValue | undefined): readonly string[] =>
  Array.isArray(value) ? (value as readonly PlainValue[]).filter((each) => typeof each === "string") : [];

const textOr = (value: PlainValue | undefined, otherwise: string): string =>
  typeof value === "string" ? value : otherwise;

function parsed(text: string): PlainValue {
  try {
    return JSON.parse(text) as PlainValue;
  } catch {
    return null;
  }
}
