/** Finds roles that a principal of another account may assume, or a principal whose account is not known. */
import { trustSightings } from "./policy-sightings.ts";
import type { Rule } from "./rule.ts";

const trusting = (AWS: string) => ({
  Role: {
    Type: "AWS::IAM::Role",
    Properties: {
      AssumeRolePolicyDocument: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { AWS }, Action: "sts:AssumeRole" }],
      },
    },
  },
});

export const trustOutside: Rule = {
  says: "Trust policies admit principals of the anchor's own accounts, or carry a condition on the organization.",
  severity: { protected: "refuse", others: "refuse" },
  examples: {
    passes: trusting("arn:aws:iam::111122223333:role/deployer"),
    fails: trusting("arn:aws:iam::999988887777:root"),
  },
  find: (input) =>
    trustSightings(input, ({ who, named }) => {
      if (who === "outside") return `may be assumed by ${named}, which is outside the anchor's accounts`;
      return who === "undecided" ? `may be assumed by ${named}, whose account is not known` : undefined;
    }),
};
