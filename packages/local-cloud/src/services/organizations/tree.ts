/**
 * ListParents and ListChildren walk the tree of the root, the units and the accounts. Other operations use
 * the checks for parents and targets.
 */
import type { Child } from "@aws-sdk/client-organizations";
import { type OrganizationState, parentOf, ROOT_ID } from "#cloud/iam/organization-state.ts";
import { access, exception, managed, type OrganizationOperation } from "./operation.ts";
import { page } from "./paging.ts";

export const listParents: OrganizationOperation<"ListParents"> = {
  access: () => access("ListParents"),
  run: ({ ChildId = "" }, call) => {
    const { state } = managed(call);
    if (!state.accounts.has(ChildId) && !state.units.has(ChildId))
      throw exception(
        "ChildNotFoundException",
        "You provided an ID for a child that does not exist in your organization.",
      );
    const parent = parentOf(state, ChildId);
    return { Parents: [{ Id: parent, Type: parent === ROOT_ID ? "ROOT" : "ORGANIZATIONAL_UNIT" }] };
  },
};

export const listChildren: OrganizationOperation<"ListChildren"> = {
  access: () => access("ListChildren"),
  run: (input, call) => {
    const { state } = managed(call);
    const parent = requireParent(state, input.ParentId);
    const rows = input.ChildType === "ACCOUNT" ? state.accounts : state.units;
    const children = [...rows.values()].filter((row) => row.parent === parent);
    const { items, next } = page(children, input);
    return { Children: items.map(({ id }): Child => ({ Id: id, Type: input.ChildType })), ...next };
  },
};

export function requireParent(state: OrganizationState, id = ""): string {
  if (id !== ROOT_ID && !state.units.has(id))
    throw exception(
      "ParentNotFoundException",
      "You provided a parent ID that does not exist in your organization.",
    );
  return id;
}

export function requireTarget(state: OrganizationState, id = ""): string {
  if (id !== ROOT_ID && !state.units.has(id) && !state.accounts.has(id))
    throw exception(
      "TargetNotFoundException",
      "You specified a target that does not exist in your organization.",
    );
  return id;
}
