/** The queue of lines to look at again. First in, first out per line makes one line serial and all lines parallel. */
import type { CfnQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { roleArn, rootOf } from "./access.ts";
import { queues, roles } from "./names.ts";
import { deadLetters, workQueue } from "./queue.ts";

/** How long reconcile may take over a batch. */
export const reconcileSeconds = 300;

export function lineQueue(scope: Construct, centralAccount: string): CfnQueue {
  return workQueue(scope, "Lines", {
    name: queues.lines,
    deadLetters: deadLetters(scope, "LinesDeadLetters", {
      name: queues.linesDeadLetters,
      holds: "Lines that could not be reconciled ten times in a row; the hourly sweep tries them again.",
    }),
    // A message that failed holds up its line for this long, so it is hardly more than one run of the function.
    visibilitySeconds: reconcileSeconds + 60,
    maxReceives: 10,
    senders: (queueArn) => [
      {
        Sid: "CentralRouteSendsLines",
        Effect: "Allow",
        Principal: { AWS: rootOf(centralAccount) },
        Action: ["sqs:SendMessage", "sqs:GetQueueUrl"],
        Resource: [queueArn],
        Condition: { ArnEquals: { "aws:PrincipalArn": roleArn(centralAccount, roles.route) } },
      },
    ],
  });
}
