/** Wraps an operation: checks the input against the service model before the operation runs. */
import * as sdk from "@aws-sdk/client-codepipeline";
import type { OperationOf, Operations } from "#cloud/kernel/service.ts";
import { checkMembers } from "#cloud/service-models/member-constraints.ts";
import { readSchemas } from "#cloud/wire/schema.ts";
import { constraints } from "./constraints.ts";
import type { CodePipelineState } from "./state.ts";

type Name = keyof Operations<typeof sdk, CodePipelineState>;

type CodePipelineOperation<N extends Name> = OperationOf<typeof sdk, CodePipelineState, N>;

const { operations } = readSchemas(sdk);

type Shape = {
  readonly access: (input: never, call: never) => unknown;
  readonly run: (input: never, call: never) => unknown;
};

/**
 * Checks the input before access is decided, as AWS does: IAM cannot decide about the ARN of a malformed
 * name.
 */
export function operation<N extends Name>(
  name: N,
  implementation: CodePipelineOperation<N>,
): CodePipelineOperation<N> {
  const schema = operations.get(name);
  const { access, run } = implementation as unknown as Shape;
  return {
    access: (input: never, call: never) => {
      if (schema !== undefined) checkMembers(constraints, schema.input, input);
      return access(input, call);
    },
    run,
  } as unknown as CodePipelineOperation<N>;
}
