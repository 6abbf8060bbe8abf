/**
 * Defines the queues of lines to reconcile. A FIFO queue with one message group per line handles each line in
 * sequence and all lines in parallel. Each class of branch has a queue with its own share of the function's
 * concurrency, so no hotfix waits behind features.
 */
import type { CfnFunction } from "aws-cdk-lib/aws-lambda";
import type { CfnQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { pollQueue } from "#constructs/lambda.ts";
import { deadLetters, workQueue } from "#constructs/queue.ts";
import { roleArn, rootOf, type Statement } from "#constructs/statements.ts";
import { lineQueues as names, queues, roles } from "#release/names/deployed-names.ts";

/** The time limit of reconcile for a batch. */
export const reconcileSeconds = 300;

type BranchClass = keyof typeof names;
const classes = ["hotfix", "main", "feature"] as const satisfies readonly BranchClass[];

/** The number of batches at once. Hotfixes are few, and a hotfix waits for at most five other hotfixes. */
const concurrency: Readonly<Record<BranchClass, number>> = { hotfix: 5, main: 10, feature: 20 };

/** In order of priority. */
export function lineQueues(scope: Construct, centralAccount: string): readonly CfnQueue[] {
  const given = deadLetters(scope, "LinesDeadLetters", {
    name: queues.linesDeadLetters,
    holds: "Lines whose reconcile failed ten times in a row. kedge redrive shows them and moves them back.",
  });
  return classes.map((of) =>
    workQueue(scope, `Lines${capital(of)}`, {
      name: names[of],
      deadLetters: given,
      // Reconcile makes a failed message visible early, so only a function that crashes blocks its lines for
      // this time.
      visibilitySeconds: reconcileSeconds + 60,
      maxReceives: 10,
      senders: (queueArn) => [routeSends(centralAccount, queueArn)],
    }),
  );
}

export function pollLines(scope: Construct, polled: readonly CfnQueue[], lambda: CfnFunction): void {
  for (const [index, queue] of polled.entries()) {
    const of = classes[index] ?? "feature";
    pollQueue(scope, `Reconcile${capital(of)}`, {
      queue,
      lambda,
      batchSize: 10,
      maxConcurrency: concurrency[of],
    });
  }
}

const capital = (text: string): string => `${text[0]?.toUpperCase()}${text.slice(1)}`;

const routeSends = (centralAccount: string, queueArn: string): Statement => ({
  Sid: "CentralRouteSendsLines",
  Effect: "Allow",
  Principal: { AWS: rootOf(centralAccount) },
  Action: ["sqs:SendMessage"],
  Resource: [queueArn],
  Condition: { ArnEquals: { "aws:PrincipalArn": roleArn(centralAccount, roles.route) } },
});
