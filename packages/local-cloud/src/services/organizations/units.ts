/** These operations create, describe, list and delete organizational units. */
import { randomInt } from "node:crypto";
import type { OrganizationalUnit } from "@aws-sdk/client-organizations";
import { ROOT_ID, type UnitRow } from "#cloud/iam/organization-state.ts";
import {
  access,
  arnOf,
  exception,
  managed,
  type OrganizationCall,
  type OrganizationOperation,
  targetArn,
} from "./operation.ts";
import { page } from "./paging.ts";
import { requireParent } from "./tree.ts";

export const createOrganizationalUnit: OrganizationOperation<"CreateOrganizationalUnit"> = {
  access: (input, call) => access("CreateOrganizationalUnit", targetArn(call, input.ParentId)),
  run: ({ ParentId, Name = "" }, call) => {
    const { state } = managed(call);
    const parent = requireParent(state, ParentId);
    if ([...state.units.values()].some((unit) => unit.parent === parent && unit.name === Name))
      throw exception("DuplicateOrganizationalUnitException", "An OU with the same name already exists.");
    const unit: UnitRow = { id: `ou-${ROOT_ID.slice(2)}-${randomLabel()}`, name: Name, parent };
    state.units.set(unit.id, unit);
    return { OrganizationalUnit: shape(unit, call) };
  },
};

export const describeOrganizationalUnit: OrganizationOperation<"DescribeOrganizationalUnit"> = {
  access: (input, call) => access("DescribeOrganizationalUnit", targetArn(call, input.OrganizationalUnitId)),
  run: ({ OrganizationalUnitId }, call) => ({
    OrganizationalUnit: shape(unitWithId(OrganizationalUnitId, call), call),
  }),
};

export const listOrganizationalUnitsForParent: OrganizationOperation<"ListOrganizationalUnitsForParent"> = {
  access: (input, call) => access("ListOrganizationalUnitsForParent", targetArn(call, input.ParentId)),
  run: (input, call) => {
    const { state } = managed(call);
    const parent = requireParent(state, input.ParentId);
    const { items, next } = page(
      [...state.units.values()].filter((unit) => unit.parent === parent),
      input,
    );
    return { OrganizationalUnits: items.map((unit) => shape(unit, call)), ...next };
  },
};

export const deleteOrganizationalUnit: OrganizationOperation<"DeleteOrganizationalUnit"> = {
  access: (input, call) => access("DeleteOrganizationalUnit", targetArn(call, input.OrganizationalUnitId)),
  run: ({ OrganizationalUnitId }, call) => {
    const { state } = managed(call);
    const { id } = unitWithId(OrganizationalUnitId, call);
    if ([...state.accounts.values(), ...state.units.values()].some(({ parent }) => parent === id))
      throw exception(
        "OrganizationalUnitNotEmptyException",
        "The specified OU is not empty. Move all accounts to another root or to other OUs, remove all child OUs, and try the operation again.",
      );
    state.attachments.delete(id);
    state.units.delete(id);
    return {};
  },
};

function unitWithId(id = "", call: OrganizationCall): UnitRow {
  const unit = managed(call).state.units.get(id);
  if (unit === undefined)
    throw exception("OrganizationalUnitNotFoundException", "You specified an OU that does not exist.");
  return unit;
}

const shape = ({ id, name }: UnitRow, call: OrganizationCall): OrganizationalUnit => ({
  Id: id,
  Arn: arnOf(call, "ou", id),
  Name: name,
});

/** Returns eight random characters of the alphabet of AWS's ids. */
export const randomLabel = (): string =>
  Array.from({ length: 8 }, () => "abcdefghijklmnopqrstuvwxyz0123456789"[randomInt(36)]).join("");
