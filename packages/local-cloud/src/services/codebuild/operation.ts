/** Declares the type of the service's operations. */
import type * as sdk from "@aws-sdk/client-codebuild";
import type { OperationOf, Operations } from "#cloud/kernel/service.ts";
import type { CodeBuildState } from "./state.ts";

export type CodeBuildOperation<Name extends keyof Operations<typeof sdk, CodeBuildState>> = OperationOf<
  typeof sdk,
  CodeBuildState,
  Name
>;
