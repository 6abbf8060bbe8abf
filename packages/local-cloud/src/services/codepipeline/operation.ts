/** Declares the type of the service's operations. */
import type * as sdk from "@aws-sdk/client-codepipeline";
import type { OperationOf, Operations } from "#cloud/kernel/service.ts";
import type { CodePipelineState } from "./state.ts";

export type CodePipelineOperation<Name extends keyof Operations<typeof sdk, CodePipelineState>> = OperationOf<
  typeof sdk,
  CodePipelineState,
  Name
>;
