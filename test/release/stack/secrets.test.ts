/** Secrets are written into templates as references, where CloudFormation takes them, and nowhere else. */
import { describe, expect, it } from "vitest";
import type { PlainObject } from "#release/document/template-document.ts";
import { inlineSecrets } from "#release/stack/inline-secrets.ts";
import { errorOf } from "#test/release/samples.ts";

const secret = "{{resolve:secretsmanager:shop/db:SecretString:password}}";
const secure = "{{resolve:ssm-secure:/shop/db:3}}";

const documentWith = (Type: string, Properties: PlainObject, more: PlainObject = {}) => ({
  Parameters: { Password: { Type: "String", MinLength: 8 }, Size: { Type: "Number" } },
  Resources: { It: { Type, Properties } },
  ...more,
});

describe("a secret", () => {
  it("replaces each use of its parameter, which becomes unused", () => {
    const document = documentWith("AWS::Lambda::Function", {
      Environment: { Variables: { A: { Ref: "Password" }, B: { "Fn::Sub": "x:${Password}:${Size}" } } },
      Tags: [{ Key: "k", Value: { "Fn::Sub": ["${Password}", { Password: "own" }] } }],
    });
    const inlined = inlineSecrets(document, { Password: secret, Size: "3" });
    expect(inlined.values).toEqual({ Size: "3" });
    expect(inlined.document).toMatchObject({
      Parameters: { Password: { Type: "String", Default: "-" }, Size: { Type: "Number" } },
      Resources: {
        It: {
          Properties: {
            Environment: { Variables: { A: secret, B: { "Fn::Sub": `x:${secret}:\${Size}` } } },
            Tags: [{ Value: { "Fn::Sub": ["${Password}", { Password: "own" }] } }],
          },
        },
      },
    });
  });

  it("a secret from the parameter store is allowed in the properties that AWS lists", () => {
    const document = documentWith("AWS::RDS::DBInstance", { MasterUserPassword: { Ref: "Password" } });
    const { document: inlined } = inlineSecrets(document, { Password: secure });
    expect(inlined).toMatchObject({ Resources: { It: { Properties: { MasterUserPassword: secure } } } });
    const user = documentWith("AWS::IAM::User", { LoginProfile: { Password: { "Fn::Sub": "${Password}" } } });
    expect(() => inlineSecrets(user, { Password: secure })).not.toThrow();
  });

  it("a secret without a reference leaves the template unchanged", () => {
    const document = documentWith("AWS::SNS::Topic", { TopicName: { Ref: "Size" } });
    expect(inlineSecrets(document, { Size: "3" }).document).toBe(document);
  });

  const use = { Ref: "Password" };
  it.each<[string, PlainObject]>([
    [
      "a variable of a container",
      documentWith("AWS::ECS::TaskDefinition", {
        ContainerDefinitions: [{ Environment: [{ Name: "A", Value: use }] }],
      }),
    ],
    ["the password of a database", documentWith("AWS::RDS::DBInstance", { MasterUserPassword: use })],
    [
      "the credentials of a connection",
      documentWith("AWS::Events::Connection", {
        AuthParameters: { ApiKeyAuthParameters: { ApiKeyValue: use } },
      }),
    ],
    [
      "a chosen variable",
      documentWith("AWS::Lambda::Function", {
        Environment: { Variables: { A: { "Fn::If": ["C", use, "x"] } } },
      }),
    ],
    [
      "a global variable of SAM",
      documentWith(
        "AWS::SNS::Topic",
        {},
        { Globals: { Function: { Environment: { Variables: { A: use } } } } },
      ),
    ],
  ])("is accepted in %s", (_, document) => {
    expect(() => inlineSecrets(document, { Password: secret })).not.toThrow();
  });

  it.each<[string, string, PlainObject, PlainObject?]>([
    ["a property that takes no SecureString", secure, documentWith("AWS::Lambda::Function", { Role: use })],
    ["the runtime of a function", secret, documentWith("AWS::Lambda::Function", { Runtime: use })],
    ["the role of a function", secret, documentWith("AWS::Lambda::Function", { Role: use })],
    ["the policies of a role", secret, documentWith("AWS::IAM::Role", { ManagedPolicyArns: [use] })],
    [
      "a global of SAM",
      secret,
      documentWith("AWS::SNS::Topic", {}, { Globals: { Function: { Runtime: use } } }),
    ],
    ["a parameter of the store", secret, documentWith("AWS::SSM::Parameter", { Value: use })],
    ["a nested stack", secret, documentWith("AWS::CloudFormation::Stack", { Parameters: { P: use } })],
    ["a custom resource", secret, documentWith("Custom::Thing", { Password: use })],
    ["user data", secret, documentWith("AWS::EC2::Instance", { UserData: { "Fn::Base64": use } })],
    ["an output", secret, documentWith("AWS::SNS::Topic", {}, { Outputs: { P: { Value: use } } })],
    [
      "a condition",
      secret,
      documentWith("AWS::SNS::Topic", {}, { Conditions: { C: { "Fn::Equals": [use, "x"] } } }),
    ],
  ])("is rejected in %s, with its location", async (_, value, document) => {
    const error = await errorOf(() => inlineSecrets(document, { Password: value }));
    expect(error?.code).toBe("SecretMisplaced");
    expect(error?.message).toMatch(/^Password is used at \S+, \S.+\.$/);
    expect(error?.message).not.toContain("{{");
  });
});
