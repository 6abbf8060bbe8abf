/** Every role an application makes gets the boundary; what cannot be a role in a target is refused by name. */
import { describe, expect, it } from "vitest";
import type { PlainObject, TemplateDocument } from "#release/document/template-document.ts";
import { withBoundary } from "#release/stack/role-boundary.ts";
import { errorOf } from "#test/release/samples.ts";

const boundary = { "Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/kedge-app-boundary" };
const own = "arn:aws:iam::111111111111:policy/own";

const bound = (resource: PlainObject, rest: PlainObject = {}): PlainObject => {
  const document = { Resources: { It: resource }, ...rest } as unknown as TemplateDocument;
  const { Resources, Globals } = withBoundary(document, "template.yaml");
  return { ...(Resources as { readonly It: PlainObject }).It, ...(Globals && { Globals }) };
};

describe("a role", () => {
  it.each(["AWS::IAM::Role", "AWS::IAM::User"])("gets the boundary when its type is %s", (Type) => {
    expect(bound({ Type })["Properties"]).toEqual({ PermissionsBoundary: boundary });
  });

  it("keeps the boundary it has", () => {
    const resource = { Type: "AWS::IAM::Role", Properties: { PermissionsBoundary: own } };
    expect(bound(resource)).toEqual(resource);
  });

  it("a role in a loop gets it, too", () => {
    const loop = ["Name", ["A", "B"], { "Role${Name}": { Type: "AWS::IAM::Role" } }];
    const { Resources } = withBoundary({ Resources: { "Fn::ForEach::Roles": loop } }, "t");
    expect(JSON.stringify(Resources)).toContain("kedge-app-boundary");
  });

  it("leaves everything else of the template as it is", () => {
    const document = { Description: "x", Resources: { Q: { Type: "AWS::SQS::Queue" } }, Outputs: {} };
    expect(withBoundary(document, "template.yaml")).toEqual(document);
  });
});

describe("a SAM template", () => {
  const sam = { Transform: "AWS::Serverless-2016-10-31" };
  const Type = "AWS::Serverless::Function";

  it("gets the boundary for all functions, next to its other globals", () => {
    const { Globals } = bound({ Type }, { ...sam, Globals: { Api: {}, Function: { Timeout: 3 } } });
    expect(Globals).toEqual({ Api: {}, Function: { PermissionsBoundary: boundary, Timeout: 3 } });
  });

  it("keeps its own boundary for all functions", () => {
    const { Globals } = bound({ Type }, { ...sam, Globals: { Function: { PermissionsBoundary: own } } });
    expect(Globals).toEqual({ Function: { PermissionsBoundary: own } });
  });

  it("gets it for state machines and schedules without a role of their own", () => {
    const machine = { Type: "AWS::Serverless::StateMachine" };
    expect(bound(machine, sam)["Properties"]).toEqual({ PermissionsBoundary: boundary });
    expect(bound({ ...machine, Properties: { Role: own } }, sam)["Properties"]).toEqual({ Role: own });
    const Events = {
      Nightly: { Type: "ScheduleV2", Properties: { ScheduleExpression: "rate(1 day)" } },
      Own: { Type: "ScheduleV2", Properties: { RoleArn: own } },
      Queue: { Type: "SQS" },
    };
    expect(bound({ Type, Properties: { Events } }, sam)["Properties"]).toEqual({
      Events: {
        ...Events,
        Nightly: {
          Type: "ScheduleV2",
          Properties: { PermissionsBoundary: boundary, ScheduleExpression: "rate(1 day)" },
        },
      },
    });
  });
});

describe("a role's name", () => {
  const named = (RoleName: unknown, more: object = {}) =>
    errorOf(() => bound({ Type: "AWS::IAM::Role", Properties: { RoleName, ...more } } as PlainObject));

  it.each([
    ["a text", "reader"],
    ["a substitution", { "Fn::Sub": "reader-${Stage}" }],
    ["a substitution with variables", { "Fn::Sub": ["reader-${It}", { It: "x" }] }],
    ["joined texts", { "Fn::Join": ["-", ["reader", { Ref: "AWS::Region" }]] }],
  ])("is rejected when it is %s with another prefix", async (_, name) => {
    const error = await named(name);
    expect(error?.code).toBe("RoleNameRefused");
    expect(error?.message).toMatch(/^template.yaml: It is named reader/);
  });

  it.each([
    ["kedge-app-reader"],
    [{ "Fn::Sub": "${AWS::StackName}-reader" }],
    [{ "Fn::Sub": "kedge-${Rest}" }],
    [{ Ref: "Name" }],
    [{ "Fn::Join": ["", [{ Ref: "AWS::StackName" }, "-reader"]] }],
  ])("is left to the target when it may begin with kedge-app-: %j", async (name) => {
    expect(await named(name)).toBeUndefined();
  });

  it("is rejected with a path", async () => {
    expect((await named("kedge-app-reader", { Path: "/service/" }))?.message).toContain(
      "/service/kedge-app-reader",
    );
    expect(await named("kedge-app-reader", { Path: "/" })).toBeUndefined();
  });
});
