/** The input of the analysis of access: the synthesized stacks of an estate, and the calls that the Lambdas' code can send. */
import { join } from "node:path";
import { readCallTable } from "#access/calls/call-table.ts";
import { prebuiltCallTable } from "#bundle/prebuilt.ts";
import { accountRolesOf, estateDeployments } from "#deploy/estate-deployments.ts";
import type { AccessDeps } from "#operate/access.ts";
import { packedFolder } from "./packed-folder.ts";

/** A packed command line has the table beside it; a checkout reads it from its sources. */
export const accessDeps: AccessDeps = {
  deployments: estateDeployments,
  accountRoles: accountRolesOf,
  calls: async () => {
    const packed = packedFolder();
    return packed === undefined
      ? readCallTable(join(import.meta.dirname, "..", ".."))
      : prebuiltCallTable(packed);
  },
};
