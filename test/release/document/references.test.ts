import { describe, expect, it } from "vitest";
import { parseReferences, resolveReferences } from "#release/document/references.ts";
import { namedSetting } from "#release/stack/setting-arn.ts";

describe("references", () => {
  it.each([
    ["plain", [{ kind: "text", text: "plain" }]],
    ["", []],
    ["a$b", [{ kind: "text", text: "a$b" }]],
    ["${ssm:/a/b}", [{ kind: "ssm", name: "/a/b" }]],
    ["${ssm:/a/b:12}", [{ kind: "ssm", name: "/a/b", version: "12" }]],
    ["${secret:shop/db}", [{ kind: "secret", name: "shop/db" }]],
    ["${secret:shop/db:password}", [{ kind: "secret", name: "shop/db", key: "password" }]],
    [
      "x-${env}.",
      [
        { kind: "text", text: "x-" },
        { kind: "fact", name: "env" },
        { kind: "text", text: "." },
      ],
    ],
    [
      "$${env}",
      [
        { kind: "text", text: "${" },
        { kind: "text", text: "env}" },
      ],
    ],
  ])("references are parsed in %j", (given, pieces) => {
    expect(parseReferences(given)).toEqual({ pieces, problems: [] });
  });

  it.each([
    "${AWS::Region}",
    "${ssm:}",
    "${ssm:/a:latest}",
    "${ssm:/a b}",
    "${secret:a:b:c}",
    "${}",
    "${ENV}",
    "${",
  ])("references reject %s", (given) => {
    const { problems } = parseReferences(`x${given}y`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain("is not a reference; expected one of ${ssm:/path}");
  });

  it("references are resolved where they stand, and escaped text stays", () => {
    const found = resolveReferences(
      "${env}/$${env}/${app}",
      (each) => `<${each.kind === "fact" ? each.name : ""}>`,
    );
    expect(found).toBe("<env>/${env}/<app>");
  });
});

describe("a reference as an ARN", () => {
  const location = { account: "222222222222", region: "us-east-1" };

  it.each([
    [
      "${ssm:/a/b}",
      "arn:aws:ssm:us-east-1:222222222222:parameter/a/b",
      "arn:aws:ssm:us-east-1:222222222222:parameter/a/b",
    ],
    [
      "${ssm:b:3}",
      "arn:aws:ssm:us-east-1:222222222222:parameter/b:3",
      "arn:aws:ssm:us-east-1:222222222222:parameter/b",
    ],
    [
      "${secret:shop/db}",
      "arn:aws:secretsmanager:us-east-1:222222222222:secret:shop/db",
      "arn:aws:secretsmanager:us-east-1:222222222222:secret:shop/db-??????",
    ],
    [
      "${secret:shop/db:password}",
      "arn:aws:secretsmanager:us-east-1:222222222222:secret:shop/db:password::",
      "arn:aws:secretsmanager:us-east-1:222222222222:secret:shop/db-??????",
    ],
  ])("gives a service and a policy their ARN for %s", (text, valueFrom, arn) => {
    const [only] = parseReferences(text).pieces;
    if (only?.kind !== "ssm" && only?.kind !== "secret") throw new TypeError(text);
    expect(namedSetting(only, location)).toMatchObject({ valueFrom, arn });
  });
});
