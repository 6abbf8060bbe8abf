/** Invokes functions in the target accounts and waits for their answers. */
import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import type { AccountInRegion } from "#ports/target.ts";
import type { TargetFunctions } from "#ports/target-functions.ts";

export const functionsLambda = (clientFor: (target: AccountInRegion) => LambdaClient): TargetFunctions => ({
  call: async (target, FunctionName, Payload) => {
    const called = await clientFor(target)
      .send(new InvokeCommand({ FunctionName, Payload }))
      .catch((error: unknown) => {
        if (error instanceof Error && error.name === "TooManyRequestsException") return undefined;
        throw error;
      });
    if (called === undefined) return { busy: true };
    const { FunctionError, Payload: said } = called;
    const answer = new TextDecoder().decode(said);
    return FunctionError === undefined ? { answer } : { failed: wordsIn(answer) };
  },
});

/** Drops the stack trace, which concerns only the function's code. */
function wordsIn(answer: string): string {
  try {
    const { errorType, errorMessage } = JSON.parse(answer) as Readonly<Record<string, unknown>>;
    return [errorType, errorMessage].filter((each) => typeof each === "string").join(": ");
  } catch {
    return answer;
  }
}
