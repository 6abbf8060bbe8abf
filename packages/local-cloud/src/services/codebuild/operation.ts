/** Wraps an operation: checks the input against the service model before the operation runs. */
import * as sdk from "@aws-sdk/client-codebuild";
import type { OperationOf, Operations } from "#cloud/kernel/service.ts";
import { checkMembers } from "#cloud/service-models/member-constraints.ts";
import { readSchemas } from "#cloud/wire/schema.ts";
import { constraints } from "./constraints.ts";
import type { CodeBuildState } from "./state.ts";

type Name = keyof Operations<typeof sdk, CodeBuildState>;

const { operations } = readSchemas(sdk);

type Shape = {
  readonly access: (input: never, call: never) => unknown;
  readonly run: (input: never, call: never) => unknown;
};

export function operation<N extends Name>(
  name: N,
  implementation: OperationOf<typeof sdk, CodeBuildState, N>,
): OperationOf<typeof sdk, CodeBuildState, N> {
  const schema = operations.get(name);
  const { access, run } = implementation as unknown as Shape;
  return {
    access: (input: never, call: never) => {
      if (schema !== undefined) checkMembers(constraints, schema.input, input);
      return access(input, call);
    },
    run,
  } as unknown as OperationOf<typeof sdk, CodeBuildState, N>;
}
