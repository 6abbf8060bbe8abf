/** Lists distributions of CloudFront, which serve their origins to the internet. */
import type { Rule } from "./rule.ts";

export const distribution: Rule = {
  says: "No distribution serves content to the internet.",
  severity: { protected: "show", others: "show" },
  examples: {
    passes: { Queue: { Type: "AWS::SQS::Queue", Properties: {} } },
    fails: { Site: { Type: "AWS::CloudFront::Distribution", Properties: {} } },
  },
  find: ({ resource }) =>
    resource.type === "AWS::CloudFront::Distribution"
      ? [{ property: "DistributionConfig", seen: "serves its origins to the internet" }]
      : [],
};
