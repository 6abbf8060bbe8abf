/** Finds resource policies that admit a principal of another account, or a principal whose account is not known. */
import { policySightings } from "./policy-sightings.ts";
import type { Rule } from "./rule.ts";

const queue = (AWS: string) => ({
  Policy: {
    Type: "AWS::SQS::QueuePolicy",
    Properties: {
      Queues: ["https://sqs.us-east-1.amazonaws.com/111122223333/orders"],
      PolicyDocument: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { AWS }, Action: "sqs:SendMessage", Resource: "*" }],
      },
    },
  },
});

export const policyOutside: Rule = {
  says: "Resource policies admit principals of the anchor's own accounts, or carry a condition on the organization.",
  severity: { protected: "refuse", others: "refuse" },
  examples: {
    passes: queue("arn:aws:iam::111122223333:root"),
    fails: queue("arn:aws:iam::999988887777:root"),
  },
  find: (input) =>
    policySightings(input, ({ who, named }) => {
      if (who === "outside") return `admits ${named}, which is outside the anchor's accounts`;
      if (who === "federated") return `admits identities of ${named}`;
      return who === "undecided" ? `admits ${named}, whose account is not known` : undefined;
    }),
};
