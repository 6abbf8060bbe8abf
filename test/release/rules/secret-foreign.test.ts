/** Tests the rule secret-foreign on every form in which a template names a secret. */
import { describe, expect, it } from "vitest";
import type { PlainObject, PlainValue } from "#release/document/template-document.ts";
import { find } from "./rule-samples.ts";

/** The samples' application is `app`, and the estate lists `shared/*` for it. */
const sentences = (
  value: PlainValue,
  more: PlainObject = {},
  values: Readonly<Record<string, string>> = {},
): readonly string[] =>
  find(
    {
      ...more,
      Resources: {
        Own: { Type: "AWS::SecretsManager::Secret", Properties: {} },
        It: { Type: "AWS::RDS::DBInstance", Properties: { MasterUserPassword: value } },
      },
    },
    values,
  )
    .filter(({ rule }) => rule === "secret-foreign")
    .map(({ sentence }) => sentence);

const arn = (name: string): string => `arn:aws:secretsmanager:us-east-1:111122223333:secret:${name}`;
const sub = (text: string, given?: PlainObject): PlainObject => ({
  "Fn::Sub": given === undefined ? text : [text, given],
});
const joined = (...texts: readonly PlainValue[]): PlainObject => ({ "Fn::Join": ["", texts] });
const named: PlainObject = { Parameters: { Name: { Type: "String" } } };

describe("the rule secret-foreign", () => {
  it.each<[string, PlainValue]>([
    ["a name below the application's own", "{{resolve:secretsmanager:app/db:SecretString:password}}"],
    ["a secure parameter below its own name", "{{resolve:ssm-secure:/app/db:3}}"],
    ["a listed name", "{{resolve:secretsmanager:shared/mail}}"],
    ["the ARN of an own secret", `{{resolve:secretsmanager:${arn("app/db-AbCdEf")}:SecretString:password}}`],
    ["the ARN of a listed secret", `{{resolve:secretsmanager:${arn("shared/mail-AbCdEf")}}}`],
    ["a secret that the template makes", sub("{{resolve:secretsmanager:${Own}:SecretString:password}}")],
    [
      "a secret that the template makes, joined",
      { "Fn::Join": ["", ["{{resolve:secretsmanager:", { Ref: "Own" }, ":SecretString:password::}}"]] },
    ],
    [
      "an own secret whose beginning is a part of a join",
      joined("{{", "resolve:secretsmanager:app/a}}", "{{resolve:secretsmanager:app/b}}"),
    ],
    ["an own name with the region in it", sub("{{resolve:secretsmanager:app/${AWS::Region}}}")],
    ["an own name with an unknown end", sub("{{resolve:secretsmanager:app/${AWS::StackName}}}")],
    ["a plain parameter of the parameter store", "{{resolve:ssm:/other/size}}"],
  ])("accepts %s", (_, value) => {
    expect(sentences(value)).toEqual([]);
  });

  it.each<[string, PlainValue, string]>([
    ["another application's name", "{{resolve:secretsmanager:other/db}}", "takes the secret other/db"],
    ["a name that only begins alike", "{{resolve:secretsmanager:app-2/db}}", "takes the secret app-2/db"],
    ["the bare name of the application", "{{resolve:secretsmanager:app}}", "takes the secret app,"],
    ["another secure parameter", "x-{{resolve:ssm-secure:/other/db:1}}", "takes the secret other/db"],
    [
      "another ARN",
      `{{resolve:secretsmanager:${arn("other/db-AbCdEf")}}}`,
      "takes the secret other/db-AbCdEf",
    ],
    ["a name behind a function", sub("{{resolve:secretsmanager:${X}}}", { X: "other/db" }), "other/db"],
    ["one of two in a text", "{{resolve:secretsmanager:app/a}}{{resolve:secretsmanager:b}}", "the secret b,"],
    ["an unknown name", sub("{{resolve:secretsmanager:${AWS::StackName}/db}}"), "may not be one of app"],
    ["an unknown service", sub("{{resolve:${AWS::StackName}:other}}"), "may not be one of app"],
    [
      "a name of another stack",
      sub("{{resolve:secretsmanager:${X}}}", { X: { "Fn::ImportValue": "x" } }),
      "may not",
    ],
    [
      "a branch of a condition",
      { "Fn::If": ["C", "{{resolve:secretsmanager:other}}", "x"] },
      "the secret other,",
    ],
    [
      "a branch of a condition beside an own secret, joined",
      joined("{{resolve:secretsmanager:app/a}}", {
        "Fn::If": ["C", "{{resolve:secretsmanager:other}}", "x"],
      }),
      "the secret other,",
    ],
    [
      "a branch of a condition around a join",
      {
        "Fn::If": ["C", joined("{{resolve:secretsmanager:app/a}}", "x"), "{{resolve:secretsmanager:other}}"],
      },
      "the secret other,",
    ],
    [
      "a name in a branch of a condition, joined",
      joined("{{resolve:secretsmanager:", { "Fn::If": ["C", "app/a", "other"] }, "}}"),
      "the secret other,",
    ],
    [
      "a branch with an unknown name beside an own secret, joined",
      joined("{{resolve:secretsmanager:app/a}}", {
        "Fn::If": ["C", sub("{{resolve:secretsmanager:${AWS::StackName}/db}}"), "x"],
      }),
      "may not be one of app",
    ],
    [
      "an unknown service beside an own secret",
      sub("{{resolve:secretsmanager:app/a}}{{resolve:${AWS::StackName}:other}}"),
      "may not be one of app",
    ],
  ])("refuses %s", (_, value, seen) => {
    expect(sentences(value)).toEqual([expect.stringContaining(seen)]);
  });

  it("reads the names in parameters, their defaults and mappings", () => {
    const value = sub("{{resolve:secretsmanager:${Name}}}");
    expect(sentences(value, named, { Name: "app/db" })).toEqual([]);
    expect(sentences(value, named, { Name: "other/db" })).toEqual([expect.stringContaining("other/db")]);
    const whole = { Parameters: { Name: { Type: "String", Default: "{{resolve:secretsmanager:other}}" } } };
    expect(sentences({ Ref: "Name" }, whole)).toEqual([expect.stringContaining("the secret other,")]);
    const mapped = { Mappings: { M: { a: { b: "{{resolve:secretsmanager:other}}" } } } };
    expect(sentences({ "Fn::FindInMap": ["M", "a", "b"] }, mapped)).toEqual([
      expect.stringContaining("the secret other,"),
    ]);
  });

  it("reads the secrets of containers and builds", () => {
    const Resources = {
      Task: {
        Type: "AWS::ECS::TaskDefinition",
        Properties: {
          ContainerDefinitions: [
            { Secrets: [{ Name: "A", ValueFrom: arn("other/db-AbCdEf") }] },
            {
              Secrets: [
                { Name: "B", ValueFrom: { "Fn::Sub": "arn:aws:ssm:${AWS::Region}:1:parameter/app/db" } },
              ],
            },
          ],
        },
      },
      Build: {
        Type: "AWS::CodeBuild::Project",
        Properties: {
          Environment: {
            EnvironmentVariables: [
              { Name: "A", Type: "SECRETS_MANAGER", Value: "other/token:key" },
              { Name: "B", Type: "PARAMETER_STORE", Value: "/app/token" },
              { Name: "C", Value: "other/plain" },
            ],
          },
        },
      },
    };
    const found = find({ Resources }).filter(({ rule }) => rule === "secret-foreign");
    expect(found.map(({ sentence }) => /the secret (\S+),/.exec(sentence)?.[1])).toEqual([
      "other/db-AbCdEf",
      "other/token",
    ]);
  });
});
