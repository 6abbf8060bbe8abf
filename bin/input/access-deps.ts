/** What the analysis of access reads: the synthesized stacks of an estate and the Lambdas' sources of this checkout. */
import { join } from "node:path";
import { estateDeployments, standingsOf } from "#deploy/estate-deployments.ts";
import type { AccessDeps } from "#operate/access.ts";

export const accessDeps: AccessDeps = {
  deployments: estateDeployments,
  standings: standingsOf,
  root: join(import.meta.dirname, "..", ".."),
};
