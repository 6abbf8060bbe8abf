/** Declares the type of Service Catalog's operations. */
import type * as sdk from "@aws-sdk/client-service-catalog";
import type { OperationOf, Operations } from "#cloud/kernel/service.ts";
import type { CatalogState } from "./state.ts";

export type Op<Name extends keyof Operations<typeof sdk, CatalogState>> = OperationOf<
  typeof sdk,
  CatalogState,
  Name
>;
