/** A context of rules for tests: one anchor with two accounts, in an organization. */
import type { PlainObject, PlainValue } from "#release/document/template-document.ts";
import { type Finding, findingsOf, type RuleContext } from "#release/rules/findings.ts";
import { severitiesFor } from "#release/rules/rule-settings.ts";

export const own = "111122223333";
export const near = "444455556666";
export const foreign = "999988887777";
export const organization = "o-abcdefghij";

export const ruleContext = (
  more: Partial<RuleContext> = {},
  environment: Parameters<typeof severitiesFor>[0] = { protected: true, approval: true },
): RuleContext => ({
  environment: "prod",
  account: own,
  region: "us-east-1",
  circle: { accounts: [own, near], organization },
  secrets: { app: "app", listed: ["shared/*"] },
  severities: severitiesFor(environment),
  ...more,
});

export const find = (
  document: PlainObject,
  values: Readonly<Record<string, string>> = {},
  context: RuleContext = ruleContext(),
): readonly Finding[] => findingsOf([{ path: "template.yaml", document, values }], context);

/** The ids of the rules that a template with these resources breaks. */
export const broken = (Resources: PlainObject, more: PlainObject = {}): readonly string[] => [
  ...new Set(find({ ...more, Resources }).map(({ rule }) => rule)),
];

export const roleTrusting = (Principal: PlainValue, Condition?: PlainValue): PlainObject => ({
  Role: {
    Type: "AWS::IAM::Role",
    Properties: {
      AssumeRolePolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal,
            Action: "sts:AssumeRole",
            ...(Condition !== undefined && { Condition }),
          },
        ],
      },
    },
  },
});

export const policyOf = (
  Type: string,
  property: string,
  statement: PlainObject,
  more: PlainObject = {},
): PlainObject => ({
  It: {
    Type,
    Properties: {
      [property]: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: "*", ...statement }],
      },
      ...more,
    },
  },
});
