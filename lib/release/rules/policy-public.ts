/** Finds resource policies that let an anonymous principal read. */
import { onlyReads, policySightings } from "./policy-sightings.ts";
import type { Rule } from "./rule.ts";

const site = (Principal: Readonly<Record<string, string>> | string) => ({
  Policy: {
    Type: "AWS::S3::BucketPolicy",
    Properties: {
      Bucket: "site",
      PolicyDocument: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal, Action: "s3:GetObject", Resource: "arn:aws:s3:::site/*" }],
      },
    },
  },
});

export const policyPublic: Rule = {
  says: "No resource policy lets an anonymous principal read.",
  severity: { protected: "refuse", others: "warn" },
  examples: { passes: site({ Service: "cloudfront.amazonaws.com" }), fails: site("*") },
  find: (input) =>
    policySightings(input, (admission) =>
      admission.who === "anonymous" && onlyReads(admission)
        ? `lets everybody do ${admission.actions.join(", ")}`
        : undefined,
    ),
};
