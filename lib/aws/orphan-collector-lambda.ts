/** Invokes the Lambda of an anchor that collects orphans, and waits for its answer. */
import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import type { OrphanCollector } from "#ports/orphan-collector.ts";
import type { CollectedOrphan } from "#release/line/orphans.ts";
import { functions } from "#release/names/deployed-names.ts";

export const orphanCollectorLambda = (lambda: LambdaClient): OrphanCollector => ({
  collect: async ({ fix }) => {
    const order = new InvokeCommand({ FunctionName: functions.sweep, Payload: JSON.stringify({ fix }) });
    const { FunctionError, Payload } = await lambda.send(order);
    const answer = JSON.parse(new TextDecoder().decode(Payload)) as unknown;
    if (FunctionError === undefined) return { orphans: answer as readonly CollectedOrphan[] };
    const { errorType, errorMessage } = answer as { errorType?: string; errorMessage?: string };
    return { failed: `${functions.sweep} failed: ${errorType}: ${errorMessage}` };
  },
});
