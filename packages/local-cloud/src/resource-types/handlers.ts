/**
 * Reads which IAM actions CloudFormation's handler of a resource type calls. `handlers.gz` is read on first
 * use. It holds the `handlers.permissions` of AWS's registry schemas as of August 2026 for 299 types. The
 * actions of the other types are derived from their names and from AWS's list of actions (`derived`).
 * `extract-handlers.ts` writes the file.
 */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { siblingFile } from "#cloud/kernel/sibling-file.ts";

export const handlersFile = siblingFile("handlers.gz", import.meta.url);

/** Names the handlers as AWS's registry schema does. */
export type HandlerOperation = "create" | "update" | "delete";

export type Handlers = {
  readonly create: readonly string[];
  readonly read?: readonly string[];
  readonly update: readonly string[];
  readonly delete: readonly string[];
  readonly derived?: true;
  /** True when the handler gives the resource CloudFormation's own tags (`tagging.cloudFormationSystemTags`). */
  readonly systemTags?: true;
  /**
   * The actions that the handler calls for every resource, each with the format of the ARN that IAM checks. The registry
   * also lists calls that only some properties need.
   */
  readonly certain: Readonly<Record<HandlerOperation, Readonly<Record<string, string>>>>;
};

const read = (): ReadonlyMap<string, string> =>
  new Map(
    gunzipSync(readFileSync(handlersFile))
      .toString()
      .split("\n")
      .map((line) => {
        const tab = line.indexOf("\t");
        return [line.slice(0, tab), line.slice(tab + 1)];
      }),
  );

/** Opens the file. The first question reads it. */
export function openHandlers(): (type: string) => Handlers | undefined {
  let lines: ReadonlyMap<string, string> | undefined;
  return (type) => {
    lines ??= read();
    const text = lines.get(type);
    return text === undefined ? undefined : (JSON.parse(text) as Handlers);
  };
}

export const handlersOf = openHandlers();
