/** Finds functions with a URL that asks for no authorization. */
import { opensUrl } from "./reading/policies.ts";
import type { Rule, RuleInput, Sighting } from "./rule.ts";
import { settingSightings } from "./setting-sightings.ts";

const url = (AuthType: string) => ({
  Url: { Type: "AWS::Lambda::Url", Properties: { AuthType, TargetFunctionArn: "orders" } },
});

const seen = "admits anonymous callers through its URL";

export const functionUrlOpen: Rule = {
  says: "The URL of a function asks for authorization.",
  severity: { protected: "refuse", others: "warn" },
  examples: { passes: url("AWS_IAM"), fails: url("NONE") },
  find: (input) => {
    const open = (property: string) => settingSightings(input, property, (type) => type === "NONE", seen);
    switch (input.resource.type) {
      case "AWS::Lambda::Url":
        return open("AuthType");
      case "AWS::Serverless::Function":
        return open("FunctionUrlConfig.AuthType");
      case "AWS::Lambda::Permission":
        return permission(input);
      default:
        return [];
    }
  },
};

/** The URL alone is not enough: AWS asks for a permission beside it. Either of the two may come in a later release. */
function permission({ resource, scope }: RuleInput): readonly Sighting[] {
  if (!opensUrl(resource.properties, scope)) return [];
  return [{ property: "FunctionUrlAuthType", seen: "permits everybody to call a function through its URL" }];
}
