/**
 * Tests the impact of a new version of a release template on a line, which is planned as its release would
 * be.
 */
import { describe, expect, it } from "vitest";
import { impactOf } from "#operate/templates/impact.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";
import type { LoadedTemplate, ReleaseTemplate } from "#release/template/template.ts";
import { bytesReader } from "#release/zip/range-reader.ts";
import { writeZip } from "#release/zip/zip-write.ts";
import { cloudformation } from "#templates/cloudformation/template.ts";
import { shop } from "#test/release/samples.ts";

const estate = parseEstate(`
region: us-east-1
central: "101010101010"
defaults: { templates: { topics: cloudformation } }
anchors:
  shop:
    account: "111111111111"
    environments:
      - { name: dev, account: "222222222222", order: 1, branches: ["**"] }
`);
const published = (version: string, over: Partial<ReleaseTemplate> = {}): LoadedTemplate => ({
  template: { ...cloudformation, ...over, version },
  ref: { name: cloudformation.name, version, sha256: version.padEnd(64, "0") },
});
const ideas = {
  broken: {
    plan: () => {
      throw new ReleaseError("TemplateFailed", "no idea");
    },
  },
  renaming: {
    plan: (input) => {
      const plan = cloudformation.plan(input);
      return { ...plan, stages: plan.stages.map((stage) => ({ ...stage, name: `New${stage.name}` })) };
    },
  },
} satisfies Readonly<Record<string, Partial<ReleaseTemplate>>>;

const impact = (build: string, candidate: LoadedTemplate) => {
  const now = [published("1.0.0")];
  const files = [
    { name: "template.yaml", content: "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n" },
    { name: ".traits/build.yml", content: build },
  ];
  return impactOf({
    ...{ estate, line: shop, now, next: [candidate], candidate },
    reader: bytesReader(writeZip(files)),
    further: { versions: () => now.map(({ ref }) => ref), load: async () => published("1.0.0") },
  });
};

describe("the impact of a version on a line", () => {
  it.each([
    ["that asks for nothing", ""],
    ["whose type the estate has the template for", "type: topics\n"],
    ["that asks for any 1.x", "template: cloudformation@^1\n"],
  ])("the impact on a line %s is the change of its plan", async (_, build) => {
    expect(await impact(build, published("1.1.0"))).toMatchObject({ kind: "same" });
    expect(await impact(build, published("1.1.0", ideas.renaming))).toMatchObject({ kind: "changed" });
    expect(await impact(build, published("1.1.0", ideas.broken))).toMatchObject({
      kind: "unavailable",
      why: expect.stringContaining("no idea"),
    });
  });

  it("is none for a version that the line's traits do not allow, because the line keeps its version", async () => {
    const build = "template: cloudformation@~1.0\n";
    expect(await impact(build, published("1.1.0", ideas.broken))).toMatchObject({ kind: "same" });
  });
});
