/**
 * Finds resources of lines that no longer exist. It compares lists only, and never reports a resource of a
 * known line.
 */
import {
  codeOfFolder,
  codeOfLineName,
  isLineCode,
  isLineName,
  lineNameOfPipeline,
} from "#release/names/names.ts";
import { linesOfStackName } from "#release/names/stack-names.ts";

/** Everything of Kedge's that was found. Lines are listed last, so that a line that comes meanwhile is known. */
export type Inventory = {
  /** Application stacks, by environment. */
  readonly appStacks: readonly { readonly environment: string; readonly name: string }[];
  readonly pipelineStacks: readonly string[];
  readonly pipelines: readonly string[];
  /** Folders of pipelines' artifacts in the cache. */
  readonly artifactFolders: readonly string[];
  /** Lines with marks, by name. */
  readonly withSlotRecord: readonly string[];
  /** Lines with results: the key of their `latest.json`, and their name. */
  readonly results: readonly { readonly key: string; readonly name: string }[];
  /** Lines the cache has a folder of, by name. */
  readonly remembered: readonly string[];
  /** Lines with anything at their key; `alive`: it is neither a tombstone nor expired. */
  readonly uploads: readonly { readonly name: string; readonly alive: boolean }[];
};

type OrphanKind =
  | "application-stack"
  | "pipeline-stack"
  | "pipeline"
  | "artifacts"
  | "memory"
  | "marks"
  | "results"
  | "line";

export type Orphan = {
  readonly kind: OrphanKind;
  /** The stack, pipeline, folder, key or line. */
  readonly name: string;
  /** The line's name or code, or a stand-in for it. */
  readonly of: string;
  readonly environment?: string;
  readonly why: string;
  /** True when `--fix` may remove it. */
  readonly removable: boolean;
};

/** The outcome of a collection for one orphan. A collection removes only the orphans that it was given. */
export type CollectedOrphan = Orphan & { readonly removed: boolean };

export function orphansOf(inventory: Inventory): readonly Orphan[] {
  const uploaded = new Map(inventory.uploads.map(({ name, alive }) => [name, alive]));
  const remembered = new Set(inventory.remembered);
  const stacks = new Set(inventory.pipelineStacks);
  const names = [...remembered, ...inventory.uploads.flatMap(({ name, alive }) => (alive ? [name] : []))];
  const known = new Set([...names, ...names.map(codeOfLineName)]);
  const gone = "Kedge has no record of its line, and the line's key has no artifact.";
  const orphan = (kind: OrphanKind, name: string, of: string, why = gone): Orphan => ({
    ...{ kind, name, of, why },
    removable: true,
  });
  return [
    ...applications(inventory.appStacks).flatMap((readings) =>
      readings.some(({ of }) => known.has(of))
        ? []
        : readings.slice(-1).map(({ name, of, environment }) => ({
            ...orphan("application-stack", name, of),
            environment,
          })),
    ),
    ...named(inventory.pipelineStacks).flatMap(({ name, of }) =>
      known.has(of) ? [] : [orphan("pipeline-stack", name, of)],
    ),
    ...named(inventory.pipelines).flatMap(({ name, of }) =>
      stacks.has(name) ? [] : [orphan("pipeline", name, of, "No stack owns this pipeline.")],
    ),
    ...folders(inventory.artifactFolders).flatMap(({ name, of }) =>
      known.has(of) || [...stacks].some((stack) => stack.startsWith(name))
        ? []
        : [orphan("artifacts", name, of)],
    ),
    ...inventory.withSlotRecord.flatMap((name) => (known.has(name) ? [] : [orphan("marks", name, name)])),
    ...inventory.remembered.flatMap((name): Orphan[] => {
      if (uploaded.has(name)) return [];
      const alive = inventory.pipelineStacks.some((stack) => lineNameOfPipeline(stack) === name);
      const why = alive
        ? "Its upload was deleted instead of emptied, so Kedge does not know the desired state: upload an artifact, or an empty object."
        : "The line's key has no object, and the line has no pipeline.";
      return [{ ...orphan(alive ? "line" : "memory", name, name, why), removable: !alive }];
    }),
    ...inventory.results.flatMap(({ key, name }) =>
      uploaded.has(name) || remembered.has(name)
        ? []
        : [orphan("results", key, name, "The key of this result has no object.")],
    ),
  ];
}

type Reading = { readonly name: string; readonly environment: string; readonly of: string };

/**
 * A folder with the line's code is the line's alone. The folder of a pipeline that was named by slugs may be cut, and
 * then it may belong to several lines; it is not reported, and its objects expire.
 */
const folders = (names: readonly string[]): readonly { readonly name: string; readonly of: string }[] =>
  names.flatMap((name) => {
    const of = codeOfFolder(name) ?? lineNameOfPipeline(name);
    return of === undefined ? [] : [{ name, of }];
  });

/**
 * Reads a stack's name in every possible way, the longest environment last. Where `prod` and `prod-eu` share
 * an account, a stack of `prod-eu` can be read as a stack of `prod` of an unknown line.
 */
const applications = (stacks: Inventory["appStacks"]): readonly (readonly Reading[])[] => {
  const readings = stacks.flatMap(({ environment, name }) =>
    linesOfStackName(name, [environment])
      .filter((of) => isLineName(of) || isLineCode(of))
      .map((of): Reading => ({ name, environment, of })),
  );
  return [...Map.groupBy(readings, ({ name }) => name).values()].map((each) =>
    each.toSorted((left, right) => left.environment.length - right.environment.length),
  );
};

const named = (names: readonly string[]): readonly { readonly name: string; readonly of: string }[] =>
  names.flatMap((name) => {
    const of = lineNameOfPipeline(name);
    return of === undefined ? [] : [{ name, of }];
  });
