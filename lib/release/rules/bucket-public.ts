/** Finds buckets and access points that could be made public: their public access block is switched off. */
import { isObject, type PlainObject } from "#release/document/template-document.ts";
import { valuesOf } from "./reading/values.ts";
import type { Rule, RuleInput, Sighting } from "./rule.ts";
import { settingSightings } from "./setting-sightings.ts";

const blocks = ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"] as const;
const configuration = "PublicAccessBlockConfiguration";

const bucket = (on: boolean): PlainObject => ({
  Bucket: {
    Type: "AWS::S3::Bucket",
    Properties: { [configuration]: Object.fromEntries(blocks.map((block) => [block, on])) },
  },
});

export const bucketPublic: Rule = {
  says: "Buckets keep their public access block, and no ACL makes them public.",
  severity: { protected: "refuse", others: "warn" },
  examples: { passes: bucket(true), fails: bucket(false) },
  find: (input) => {
    if (!["AWS::S3::Bucket", "AWS::S3::AccessPoint"].includes(input.resource.type)) return [];
    return [
      ...blocks.flatMap((block) =>
        settingSightings(
          input,
          `${configuration}.${block}`,
          (value) => value !== "true",
          "switches a part of its public access block off",
        ),
      ),
      ...leftOut(input),
      ...settingSightings(
        input,
        "AccessControl",
        (value) => value === "PublicRead" || value === "AuthenticatedRead",
        "lets everybody read it by its ACL",
      ),
    ];
  },
};

/** S3 takes a block that a configuration leaves out for `false`. */
function leftOut({ resource, scope }: RuleInput): readonly Sighting[] {
  return valuesOf(resource.properties[configuration], scope).flatMap(
    ({ value, doubt, maybe }): Sighting[] => {
      const missing = isObject(value)
        ? blocks.filter((block) => valuesOf(value[block], scope).length === 0)
        : blocks;
      const undecided = doubt ?? maybe;
      const seen = `leaves ${missing.join(", ")} out of its public access block`;
      return missing.length === 0 ? [] : [{ property: configuration, seen, ...(undecided && { undecided }) }];
    },
  );
}
