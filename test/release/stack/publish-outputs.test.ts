import { describe, expect, it } from "vitest";
import type { PlainObject } from "#release/document/template-document.ts";
import { withPublished } from "#release/stack/publish-outputs.ts";
import { errorOf } from "#test/release/samples.ts";

const stack = (id: string, Outputs: PlainObject) => ({
  id,
  document: { Resources: { T: { Type: "AWS::SNS::Topic" } }, Outputs } as PlainObject,
});
const topic = { Value: { Ref: "T" }, Condition: "Wanted" };

describe("a published output", () => {
  it("is a parameter of the stack that has the output", () => {
    const [one, two] = withPublished(
      [stack("", { Arn: topic }), stack("web", { Url: { Value: "x" } })],
      [["/shop/dev/topic", "Arn"]],
    );
    expect(two?.document).toEqual(stack("web", { Url: { Value: "x" } }).document);
    const made = Object.entries((one?.document["Resources"] ?? {}) as PlainObject);
    expect(made).toEqual([
      ["T", { Type: "AWS::SNS::Topic" }],
      [
        expect.stringMatching(/^KedgePublished[0-9a-f]{12}$/),
        {
          Type: "AWS::SSM::Parameter",
          Condition: "Wanted",
          Properties: {
            Type: "String",
            Name: "/shop/dev/topic",
            Value: { Ref: "T" },
            Description: "The output Arn",
          },
        },
      ],
    ]);
  });

  it("names its stack when an application has several", () => {
    const stacks = [stack("api", { Url: { Value: "a" } }), stack("web", { Url: { Value: "w" } })];
    const [, web] = withPublished(stacks, [["/x/url", "web.Url"]]);
    expect(JSON.stringify(web?.document)).toContain('"Value":"w"');
  });

  it.each<[string, [string, string][], string]>([
    ["no output", [["/x/y", "Uri"]], "the outputs are Arn"],
    ["a path of Kedge", [["/kedge/y", "Arn"]], "belong to Kedge"],
    ["a path of AWS after all is known", [["/awsome/y", "Arn"]], "belong to AWS"],
    ["no path", [["/x//y", "Arn"]], "is not a path"],
    ["sixteen levels", [["/a".repeat(16), "Arn"]], "16 levels; 15 are allowed"],
    [
      "two of one path",
      [
        ["/x", "Arn"],
        ["/x", "Arn"],
      ],
      "Two outputs are published as /x",
    ],
  ])("is rejected: %s", async (_, published, says) => {
    const error = await errorOf(() => withPublished([stack("", { Arn: topic })], published));
    expect([error?.code, error?.message]).toEqual(["PublishMalformed", expect.stringContaining(says)]);
  });

  it("is rejected when two stacks have it", async () => {
    const stacks = [stack("api", { Url: topic }), stack("web", { Url: topic })];
    const error = await errorOf(() => withPublished(stacks, [["/x", "Url"]]));
    expect(error?.message).toContain("api and web both have; write stack.Url");
  });

  it("is rejected when it is a secret", async () => {
    const secret = stack("", { P: { Value: "{{resolve:secretsmanager:x}}" } });
    expect((await errorOf(() => withPublished([secret], [["/x", "P"]])))?.code).toBe("SecretMisplaced");
  });
});
