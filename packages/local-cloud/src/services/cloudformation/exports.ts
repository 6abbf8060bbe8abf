/** Implements ListExports and ListImports. */
import { validationError } from "#cloud/cloudformation/template-error.ts";
import type { OperationOf } from "#cloud/kernel/service.ts";
import { stackAccess } from "./access.ts";
import { importersOf } from "./outputs.ts";
import { page } from "./paging.ts";
import { locationOf } from "./stack-request.ts";
import type { Sdk, State } from "./state.ts";

export const listExports: OperationOf<Sdk, State, "ListExports"> = {
  access: (_input, call) => stackAccess("ListExports", undefined, call),
  run: (input, call) => {
    const all = [...call.state.exports.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    const { items, next } = page(all, input.NextToken, 100);
    return {
      Exports: items.map((one) => ({ ExportingStackId: one.stackId, Name: one.name, Value: one.value })),
      ...(next === undefined ? {} : { NextToken: next }),
    };
  },
};

export const listImports: OperationOf<Sdk, State, "ListImports"> = {
  access: (_input, call) => stackAccess("ListImports", undefined, call),
  run: (input, call) => {
    const found = call.state.exports.get(input.ExportName ?? "");
    const names = found ? importersOf(locationOf(call), found.importers) : [];
    if (names.length === 0)
      throw validationError(`Export '${input.ExportName ?? ""}' is not imported by any stack.`);
    const { items, next } = page(names, input.NextToken, 100);
    return { Imports: items, ...(next === undefined ? {} : { NextToken: next }) };
  },
};
