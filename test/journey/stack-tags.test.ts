/** Tests Kedge's outputs of a stack, and the limit of CloudFormation that they count against. */
import { describe, expect, it } from "vitest";
import { checkOutputs, withOrigin } from "#journey/stack-tags.ts";
import { errorOf } from "#test/release/samples.ts";

const withOutputs = (count: number, more: object = {}) => ({
  Resources: { Q: { Type: "AWS::SQS::Queue" } },
  Outputs: {
    ...Object.fromEntries(Array.from({ length: count }, (_, index) => [`O${index}`, { Value: "x" }])),
    ...more,
  },
});
const origin = { versionId: "v1", digest: "d1" };

describe("the outputs of a stack", () => {
  it("has room for 198 outputs of the template", () => {
    const { Outputs } = withOrigin(withOutputs(198), origin);
    expect(Object.keys(Outputs ?? {})).toHaveLength(200);
    expect(Outputs).toMatchObject({ KedgeVersion: { Value: "v1" }, KedgeDigest: { Value: "d1" } });
  });

  it("counts outputs of Kedge's names once", () => {
    const forged = { KedgeVersion: { Value: "x" }, KedgeDigest: { Value: "x" } };
    expect(withOrigin(withOutputs(198, forged), origin).Outputs).toMatchObject({
      KedgeVersion: { Value: "v1" },
    });
  });

  it("is refused with the file's name when Kedge's outputs have no room", async () => {
    const error = await errorOf(async () => checkOutputs("app/template.yaml", withOutputs(199)));
    expect(error?.code).toBe("TemplateTooLarge");
    expect(error?.message).toContain("app/template.yaml has 199 outputs");
    expect(error?.message).toContain("198 at most");
  });
});
