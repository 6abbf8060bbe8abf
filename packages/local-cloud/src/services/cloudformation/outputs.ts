/** Computes the outputs of a finished stack, and maintains the exports that other stacks import. */
import { resolveValue } from "#cloud/cloudformation/intrinsics.ts";
import { isList, isObject, member } from "#cloud/cloudformation/json.ts";
import { templateError, validationError } from "#cloud/cloudformation/template-error.ts";
import type { Prepared } from "./prepare.ts";
import { changeStack } from "./record.ts";
import type { Location, OutputRow } from "./state.ts";
import { stackScope } from "./worker.ts";

export function computeOutputs(
  location: Location,
  stackId: string,
  prepared: Prepared,
): readonly OutputRow[] {
  const scope = stackScope(location, stackId, prepared);
  const text = (value: unknown, key: string): string => {
    if (isList(value) || isObject(value) || value === null) {
      throw templateError(
        `The Value field of every Outputs member must evaluate to a String. (output ${key})`,
      );
    }
    return String(value);
  };
  return Object.entries(prepared.template.Outputs ?? {})
    .filter(
      ([, output]) =>
        output.Condition === undefined || member(prepared.conditions, output.Condition) === true,
    )
    .map(([key, output]) => ({
      key,
      value: text(resolveValue(output.Value, scope), key),
      ...(output.Description === undefined ? {} : { description: String(output.Description) }),
      ...(output.Export === undefined
        ? {}
        : { exportName: text(resolveValue(output.Export.Name, scope), key) }),
    }));
}

/** Stores a stack's new outputs. Rejects an export of a taken name and a change of an imported export. */
export function publishOutputs(location: Location, stackId: string, outputs: readonly OutputRow[]): void {
  const exports = location.state.exports;
  const next = new Map(
    outputs.flatMap((one) => (one.exportName === undefined ? [] : [[one.exportName, one.value] as const])),
  );
  for (const name of next.keys()) {
    const owner = exports.get(name);
    if (owner && owner.stackId !== stackId) {
      const other = location.state.stacks.get(owner.stackId)?.name ?? owner.stackId;
      throw validationError(`Export with name ${name} is already exported by stack ${other}`);
    }
  }
  const before = [...exports.values()].filter((one) => one.stackId === stackId);
  for (const old of before) {
    const importers = importersOf(location, old.importers);
    if (importers.length === 0) continue;
    if (!next.has(old.name))
      throw validationError(
        `Export ${old.name} cannot be deleted as it is in use by ${importers.join(", ")}`,
      );
    if (next.get(old.name) !== old.value) {
      throw validationError(
        `Export ${old.name} cannot be updated as it is in use by ${importers.join(", ")}`,
      );
    }
  }
  for (const old of before) if (!next.has(old.name)) exports.delete(old.name);
  for (const [name, value] of next) {
    exports.set(name, { name, value, stackId, importers: exports.get(name)?.importers ?? [] });
  }
  changeStack(location, stackId, { outputs });
}

/** Returns the names of those stacks among `ids` that still exist. */
export const importersOf = (location: Location, ids: readonly string[]): readonly string[] =>
  ids.flatMap((id) => {
    const stack = location.state.stacks.get(id);
    return stack && stack.status !== "DELETE_COMPLETE" ? [stack.name] : [];
  });

/** Removes the stack from the importers of all exports but `kept`: it no longer blocks their change. */
export function releaseImports(location: Location, stackId: string, kept: ReadonlySet<string>): void {
  for (const one of location.state.exports.values()) {
    if (one.importers.includes(stackId) && !kept.has(one.name)) {
      location.state.exports.set(one.name, {
        ...one,
        importers: one.importers.filter((id) => id !== stackId),
      });
    }
  }
}
