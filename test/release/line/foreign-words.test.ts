/** Words of AWS and of functions are in a result only when the release uses no secrets. */
import { describe, expect, it } from "vitest";
import { withoutForeignWords } from "#release/line/foreign-words.ts";
import type { ActionRun } from "#release/line/observation.ts";
import { mentionsSecrets, secretsVariable } from "#release/stack/secret-use.ts";
import { type StackFailure, withoutWords } from "#release/stack/stack-failure.ts";

const secret = "TOP-SECRET-1";
const cause: StackFailure = {
  where: "F (AWS::Lambda::Function) CREATE_FAILED",
  words: `Value '${secret}' at 'runtime' failed to satisfy constraint (Service: Lambda, Status Code: 400) (HandlerErrorCode: InvalidRequest)`,
  properties: ["Code", "Runtime"],
  stack: "arn:aws:cloudformation:eu-west-1:222222222222:stack/kedge-app-dev-shop/1",
};
const prepared = (used: boolean, action = "Prepare", stage = "dev"): ActionRun => ({
  ...{ stage, action, status: "Succeeded" },
  variables: secretsVariable(used),
});
const failed = (message?: string, more: Partial<ActionRun> = {}): ActionRun => ({
  ...{ stage: "dev", action: "Execute", status: "Failed" },
  ...(message !== undefined && { message }),
  ...more,
});
const messageOf = (...runs: readonly ActionRun[]): string => withoutForeignWords(runs).at(-1)?.message ?? "";

describe("a release without secrets", () => {
  it("has CloudFormation's reason beside the message of CodePipeline, once", () => {
    expect(messageOf(prepared(false), failed("Failed.", { cause }))).toBe(
      `Failed. ${cause.where}: ${cause.words}`,
    );
    expect(messageOf(prepared(false), failed(`It said: ${cause.words}`, { cause }))).toBe(
      `It said: ${cause.words}`,
    );
    expect(messageOf(prepared(false), failed("CallFailed: The function f in dev failed: odd"))).toContain(
      "odd",
    );
  });
});

describe("a release with secrets", () => {
  it("has resource, property, kind of error and the place of the words", () => {
    const message = messageOf(prepared(true), failed(`Failed: ${cause.words}`, { cause }));
    expect(message).not.toContain(secret);
    for (const words of [
      cause.where,
      "property Runtime",
      "a value is not valid",
      "InvalidRequest",
      "status 400",
    ])
      expect(message).toContain(words);
    expect(message).toContain(
      "https://eu-west-1.console.aws.amazon.com/cloudformation/home?region=eu-west-1#/stacks/events",
    );
  });

  it.each<[string, ActionRun]>([
    ["a stack", failed(`words ${secret}`, { cause })],
    ["a build", failed(`words ${secret}`, { action: "Apply" })],
    ["a test", failed(`words ${secret}`, { action: "SmokeTest" })],
    [
      "a function",
      failed(`CallFailed: The function f in dev (account 1, r) failed: ${secret}`, { action: "Call" }),
    ],
    [
      "a migration",
      failed(`MigrationFailed: V1 failed in dev (account 1, r), run by f: ${secret}`, { action: "Migrate" }),
    ],
    [
      "an executed change set",
      failed(`DeploymentFailed: The stack kedge-app-x is UPDATE_ROLLBACK_COMPLETE: F: ${secret}`, { cause }),
    ],
    ["an odd function", failed(`CallFailed: ${secret}`, { action: "Call" })],
    ["an action that succeeded", { ...failed(`words ${secret}`), status: "Succeeded" }],
  ])("copies nothing of the words of %s", (_, run) => {
    expect(JSON.stringify(withoutForeignWords([prepared(true), run]))).not.toContain(secret);
  });

  it("keeps Kedge's own words, and those of a person who decides", () => {
    const own = "SettingMissing: In account 2, r (dev): Secrets Manager has no b.";
    expect(messageOf(prepared(true), failed(own, { action: "Prepare" }))).toBe(own);
    expect(messageOf(prepared(true), failed("Not today.", { action: "Approve" }))).toBe("Not today.");
    expect(messageOf(failed("The bundle is missing.", { stage: "Source", action: "Source" }))).toBe(
      "The bundle is missing.",
    );
  });
});

describe("a release whose preparation says nothing of secrets", () => {
  it.each<[string, readonly ActionRun[], ActionRun]>([
    ["has no preparation", [], failed(secret)],
    ["prepared another environment", [prepared(false, "Prepare", "qa")], failed(secret)],
    [
      "prepared another environment of its wave",
      [prepared(false, "Prepare.a-prod", "prod")],
      failed(secret, { stage: "prod", action: "Execute.b-prod" }),
    ],
    ["was prepared by an older version", [{ ...prepared(false), variables: {} }], failed(secret)],
  ])("a release counts as one with secrets if it %s", (_, before, run) => {
    expect(messageOf(...before, run)).not.toContain(secret);
  });
});

describe("a failure without its words", () => {
  it("takes a code only from the list of CloudFormation, and a property only from the resource", () => {
    const described = (words: string, properties: readonly string[] = ["Runtime"]) =>
      withoutWords({ ...cause, words, properties });
    expect(described(`HandlerErrorCode: ${"HUNTER"}`)).not.toContain("HUNTER");
    expect(described("'hunter' is wrong at #/hunter")).not.toContain("hunter");
    expect(described("#/Runtime: hunter")).toContain("property Runtime");
  });
});

describe("a template mentions secrets", () => {
  it.each([
    ["by a dynamic reference", "{{resolve:secretsmanager:db}}", true],
    ["by a secure parameter", "{{resolve:ssm-secure:/db:1}}", true],
    ["by a joined reference", '["{{resolve:", "secrets", "manager:db}}"]', true],
    ["by a secret of a task", '{"Name":"A","ValueFrom":"arn:aws:ssm:r:1:parameter/a"}', true],
    ["by a permission", '"Action":"secretsmanager:GetSecretValue"', true],
    ["by a reference of Kedge", "${secret:db}", true],
    ["not by a plain parameter", "{{resolve:ssm:/size}}", false],
    ["not by a name", '"LogicalId":"SecretSauce"', false],
  ])("a text mentions secrets %s", (_, text, expected) => {
    expect(mentionsSecrets([text])).toBe(expected);
  });
});
