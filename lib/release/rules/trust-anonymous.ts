/** Finds roles that an anonymous principal may assume. */
import { trustSightings } from "./policy-sightings.ts";
import type { Rule } from "./rule.ts";

const role = (statement: Readonly<Record<string, string | Readonly<Record<string, string>>>>) => ({
  Role: {
    Type: "AWS::IAM::Role",
    Properties: { AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [statement] } },
  },
});

export const trustAnonymous: Rule = {
  says: "No trust policy admits an anonymous principal.",
  severity: { protected: "refuse", others: "refuse" },
  examples: {
    passes: role({
      Effect: "Allow",
      Principal: { Service: "lambda.amazonaws.com" },
      Action: "sts:AssumeRole",
    }),
    fails: role({ Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }),
  },
  find: (input) =>
    trustSightings(input, ({ who }) => (who === "anonymous" ? "may be assumed by everybody" : undefined)),
};
