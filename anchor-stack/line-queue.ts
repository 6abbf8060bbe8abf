/**
 * The queues of lines to look at again. First in, first out per line makes one line serial and all lines parallel; a queue
 * per class of branch, each with its own share of the function's concurrency, lets no hotfix wait behind features.
 */
import type { CfnFunction } from "aws-cdk-lib/aws-lambda";
import type { CfnQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { pollQueue } from "#constructs/lambda.ts";
import { deadLetters, workQueue } from "#constructs/queue.ts";
import { roleArn, rootOf, type Statement } from "#constructs/statements.ts";
import { lineQueues as names, queues, roles } from "#release/names/deployed-names.ts";

/** How long reconcile may take over a batch. */
export const reconcileSeconds = 300;

type BranchClass = keyof typeof names;
const classes = ["hotfix", "main", "feature"] as const satisfies readonly BranchClass[];

/** Batches handled at once: few are hotfixes, and one of them waits for five others at most. */
const concurrency: Readonly<Record<BranchClass, number>> = { hotfix: 5, main: 10, feature: 20 };

/** In order of priority. */
export function lineQueues(scope: Construct, centralAccount: string): readonly CfnQueue[] {
  const given = deadLetters(scope, "LinesDeadLetters", {
    name: queues.linesDeadLetters,
    holds: "Lines that could not be reconciled ten times in a row: see kedge redrive.",
  });
  return classes.map((of) =>
    workQueue(scope, `Lines${capital(of)}`, {
      name: names[of],
      deadLetters: given,
      // A failed message is given back early; only a function that dies holds its lines up for so long.
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
