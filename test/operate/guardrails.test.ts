/** The generated control policies, evaluated by the embedded AWS's IAM, and their sizes. */
import { evaluate } from "@kedge/local-cloud/iam/evaluate";
import { parsePolicy } from "@kedge/local-cloud/iam/policy-document";
import { type Subject, subjectOf } from "@kedge/local-cloud/iam/subject";
import { describe, expect, it } from "vitest";
import { guardrailsOf } from "#operate/guardrails.ts";

const organization = "o-abcdefghij";
const account = "111111111111";
const all = guardrailsOf({ organization });
const policyOf = (name: string) =>
  all.find((each) => each.name === name)?.policy ?? { Version: "2012-10-17", Statement: [] };

const named = (name: string, policy: object) => ({ name, document: parsePolicy(JSON.stringify(policy)) });
const everything = { Effect: "Allow", Action: "*", Resource: "*" };
const full = named("full", { Version: "2012-10-17", Statement: [everything] });

const role = (name: string): Subject =>
  subjectOf({
    kind: "role",
    ...{ account, roleName: name, sessionName: "s", userId: "AROA:s", sessionPolicies: [], tags: {} },
    arn: `arn:aws:sts::${account}:assumed-role/${name}/s`,
    roleArn: `arn:aws:iam::${account}:role/${name}`,
  });

type Keys = Readonly<Record<string, string>>;
const context = (keys: Keys) =>
  new Map(Object.entries(keys).map(([key, value]) => [key.toLowerCase(), [value]]));

const underScp = (policy: string, name: string, action: string, resource: string, keys: Keys = {}): boolean =>
  evaluate(
    { scps: [[full, named(policy, policyOf(policy))]], identity: [full] },
    {
      ...{ action, resource, subject: role(name), resourceAccount: account },
      context: context({ "aws:PrincipalArn": `arn:aws:iam::${account}:role/${name}`, ...keys }),
    },
  ).allowed;

describe("the policy on gates", () => {
  const pipeline = `arn:aws:codepipeline:us-east-1:${account}:kedge-line-shop`;
  const may = (name: string, action: string) =>
    underScp("scp-gates", name, `codepipeline:${action}`, pipeline);

  it.each([
    ["kedge-approver", "PutApprovalResult", true],
    ["Administrator", "PutApprovalResult", false],
    ["kedge-reconcile", "PutApprovalResult", false],
    ["kedge-reconcile", "StartPipelineExecution", true],
    ["Administrator", "StartPipelineExecution", false],
    ["Administrator", "OverrideStageCondition", false],
    ["kedge-operator", "RollbackStage", false],
    ["kedge-operator", "GetPipelineState", true],
  ])("lets %s call %s: %s", (name, action, allowed) => {
    expect(may(name, action)).toBe(allowed);
  });

  it("leaves pipelines of others alone", () => {
    const other = `arn:aws:codepipeline:us-east-1:${account}:theirs`;
    expect(underScp("scp-gates", "Administrator", "codepipeline:PutApprovalResult", other)).toBe(true);
  });
});

describe("the policy on public URLs", () => {
  const resource = `arn:aws:lambda:us-east-1:${account}:function:f`;
  it.each([
    ["CreateFunctionUrlConfig", "NONE", false],
    ["UpdateFunctionUrlConfig", "NONE", false],
    ["AddPermission", "NONE", false],
    ["CreateFunctionUrlConfig", "AWS_IAM", true],
  ])("lets an administrator call %s with %s: %s", (action, type, allowed) => {
    const keys = { "lambda:FunctionUrlAuthType": type };
    expect(underScp("scp-public-urls", "Administrator", `lambda:${action}`, resource, keys)).toBe(allowed);
  });

  it("lets permissions be added that are not for URLs", () => {
    expect(underScp("scp-public-urls", "Administrator", "lambda:AddPermission", resource)).toBe(true);
  });
});

describe("the policy for the organization", () => {
  const open = { ...everything, Principal: "*" };
  const resource = named("rcp", {
    Version: "2012-10-17",
    Statement: [open, ...policyOf("rcp-organization").Statement],
  });
  const may = (subject: Subject, keys: Keys, action = "s3:GetObject") =>
    evaluate(
      { resource, identity: [full] },
      {
        action,
        resource: "arn:aws:s3:::bucket/key",
        subject,
        resourceAccount: account,
        context: context(keys),
      },
    ).allowed;
  const service = subjectOf({ kind: "service", service: "sns.amazonaws.com" } as Parameters<
    typeof subjectOf
  >[0]);
  const isService = { "aws:PrincipalIsAWSService": "true" };
  const isNone = { "aws:PrincipalIsAWSService": "false" };

  it.each<[string, Subject, Keys, boolean]>([
    ["a principal of the organization", role("x"), { ...isNone, "aws:PrincipalOrgID": organization }, true],
    [
      "a principal of another organization",
      role("x"),
      { ...isNone, "aws:PrincipalOrgID": "o-9999999999" },
      false,
    ],
    ["an anonymous principal", subjectOf({ kind: "anonymous" }), isNone, false],
    ["a service for itself", service, isService, true],
    [
      "a service for the organization",
      service,
      { ...isService, "aws:SourceAccount": account, "aws:SourceOrgID": organization },
      true,
    ],
    ["a service for a stranger", service, { ...isService, "aws:SourceAccount": "999988887777" }, false],
  ])("judges %s", (_, subject, keys, allowed) => {
    expect(may(subject, keys)).toBe(allowed);
  });

  it("is left out when the estate names no organization", () => {
    expect(guardrailsOf({}).map(({ name }) => name)).toEqual(["scp-gates", "scp-public-urls"]);
  });
});

it("every control policy keeps below 70 % of AWS's 5,120 characters", () => {
  for (const { policy } of all) expect(JSON.stringify(policy).length).toBeLessThan(5120 * 0.7);
});
