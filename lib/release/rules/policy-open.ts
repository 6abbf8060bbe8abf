/** Finds resource policies that let an anonymous principal do more than read. */
import type { PlainObject } from "#release/document/template-document.ts";
import { onlyReads, policySightings } from "./policy-sightings.ts";
import { hole, textOf } from "./reading/seen.ts";
import { valuesOf } from "./reading/values.ts";
import type { Rule, RuleInput, Sighting } from "./rule.ts";

const topic = (statement: PlainObject): PlainObject => ({
  Policy: {
    Type: "AWS::SNS::TopicPolicy",
    Properties: {
      Topics: ["arn:aws:sns:us-east-1:111122223333:orders"],
      PolicyDocument: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: "*", Action: "sns:Publish", Resource: "*", ...statement }],
      },
    },
  },
});

export const policyOpen: Rule = {
  says: "No resource policy lets an anonymous principal do more than read.",
  severity: { protected: "refuse", others: "refuse" },
  examples: {
    passes: topic({ Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } } }),
    fails: topic({}),
  },
  find: (input) => [
    ...policySightings(input, (admission) => {
      if (admission.who !== "anonymous" || onlyReads(admission)) return undefined;
      const actions = admission.actions.join(", ").replaceAll(hole, "…");
      return `lets everybody do ${actions === "" ? "anything" : actions}`;
    }),
    ...writableLists(input),
  ],
};

/** The list of an older kind: an ACL that lets anonymous principals write into a bucket. */
function writableLists({ resource, scope }: RuleInput): readonly Sighting[] {
  if (resource.type !== "AWS::S3::Bucket") return [];
  return valuesOf(resource.properties["AccessControl"], scope)
    .filter((seen) => textOf(seen) === "PublicReadWrite")
    .map(({ maybe }) => ({
      property: "AccessControl",
      seen: "lets everybody write into the bucket",
      ...(maybe && { undecided: maybe }),
    }));
}
