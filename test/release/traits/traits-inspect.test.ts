/** What traits do to the choice of a release template, at which cost, and what of its settings is refused. */
import { describe, expect, it } from "vitest";
import { integer, object, optional, text } from "#release/document/shape.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";
import { planRelease } from "#release/template/dispatch.ts";
import { type InspectRequest, inspectArtifact } from "#release/template/inspect.ts";
import type { LoadedTemplate, ReleaseTemplate } from "#release/template/template.ts";
import { defaultLimits } from "#release/zip/limits.ts";
import { bytesReader } from "#release/zip/range-reader.ts";
import { writeZip } from "#release/zip/zip-write.ts";
import { cloudformation } from "#templates/cloudformation/template.ts";
import { sam } from "#templates/sam/template.ts";
import { errorOf, shop } from "#test/release/samples.ts";

const plain = "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n";
const published = (template: ReleaseTemplate, version = template.version): LoadedTemplate => ({
  template: { ...template, version },
  ref: { name: template.name, version, sha256: version.padEnd(64, "0") },
});
const sized: ReleaseTemplate = {
  ...cloudformation,
  name: "sized",
  settings: object({ size: integer(1, 9), zone: optional(text()) }),
};
const unseen: ReleaseTemplate = {
  ...cloudformation,
  name: "custom",
  entries: [],
  describe: () => ({}),
  detect: ({ names }) => ({ fits: names.length > 0, reason: `There are ${names.length} files.` }),
};
const templates = [sam, cloudformation, unseen].map((each) => published(each));

type Files = Readonly<Record<string, string>>;
const zipOf = (files: Files) => writeZip(Object.entries(files).map(([name, content]) => ({ name, content })));
const inspect = (files: Files, over: Partial<InspectRequest> = {}) =>
  inspectArtifact({
    reader: bytesReader(zipOf(files)),
    templates,
    environments: ["dev", "qa", "prod"],
    limits: defaultLimits,
    ...over,
  });
const withBuild = (build: string, over?: Partial<InspectRequest>) =>
  inspect({ "template.yaml": plain, ".traits/build.yml": build }, over);
const chosen = async (...asked: Parameters<typeof withBuild>) => {
  const { template, reasons } = await withBuild(...asked);
  return [template.ref.name, template.ref.version, reasons[0]?.sentence];
};

describe("the release template", () => {
  it("is the requested one, in the line's own version if that is allowed", async () => {
    expect(await chosen("template: cloudformation@^1\n")).toEqual([
      "cloudformation",
      cloudformation.version,
      "The traits ask for cloudformation@^1.",
    ]);
  });

  const further: NonNullable<InspectRequest["further"]> = {
    versions: () => ["1.3.0", "1.4.2", "2.0.0"].map((version) => published(cloudformation, version).ref),
    load: async ({ version }) => published(cloudformation, version),
  };

  it("is the newest allowed version if the line's own is not allowed", async () => {
    const [name, version] = await chosen("template: cloudformation@^1.2\n", { further });
    expect([name, version]).toEqual(["cloudformation", "1.4.2"]);
  });

  it("is rejected with the existing versions if none is allowed", async () => {
    const error = await errorOf(() => withBuild("template: cloudformation@^3\n", { further }));
    expect(error?.code).toBe("TemplateConstraintUnmet");
    expect(error?.message).toContain(
      `The versions of cloudformation are ${cloudformation.version}, 1.3.0, 1.4.2, 2.0.0.`,
    );
  });

  it("is rejected with the version to take if only withdrawn versions are allowed", async () => {
    const withdrawn = () => [
      { name: "cloudformation", version: "3.0.0", withdrawnAt: "2026-02-01T00:00:00Z", reason: "A hole." },
    ];
    const offer = { further: { ...further, withdrawn } };
    const error = await errorOf(() => withBuild("template: cloudformation@^3\n", offer));
    expect(error?.code).toBe("TemplateWithdrawn");
    expect(error?.message).toBe(
      `The traits ask for cloudformation@^3. cloudformation@3.0.0 was withdrawn on 2026-02-01: A hole. Take cloudformation@${cloudformation.version}.`,
    );
    const byEstate = { ...offer, defaults: { batch: "cloudformation@^3" } };
    expect((await chosen("type: batch\n", byEstate)).slice(0, 2)).toEqual([
      "cloudformation",
      cloudformation.version,
    ]);
  });

  it("rejects an artifact with the reason of the withdrawal, and does not run the withdrawn version", async () => {
    const withdrawal = {
      name: "sam",
      version: "1.0.0",
      withdrawnAt: "2026-02-01T00:00:00Z",
      reason: "A hole.",
    };
    const load = () => Promise.reject(new RangeError("load"));
    const offer = {
      templates: templates.filter(({ template }) => template.name !== "sam"),
      further: { ...further, load, withdrawn: () => [withdrawal], lastWithdrawn: [withdrawal] },
    };
    const serverless = `Transform: AWS::Serverless-2016-10-31\n${plain}`;
    const said = "sam@1.0.0 was withdrawn on 2026-02-01: A hole. Every version of sam is withdrawn.";
    for (const [files, because] of [
      [{ "template.yaml": serverless, ".traits/build.yml": "type: sam\n" }, "The traits' type sam is sam."],
      [{ "template.yaml": serverless, ".traits/build.yml": "template: sam\n" }, "The traits ask for sam."],
    ] as const) {
      const error = await errorOf(() => inspect(files, offer));
      expect([error?.code, error?.message]).toEqual(["TemplateWithdrawn", `${because} ${said}`]);
    }
    const unfit = await errorOf(() => inspect({ "template.yaml": serverless }, offer));
    expect(unfit?.code).toBe("NoTemplateFits");
    expect(unfit?.message).toMatch(/^"template\.yaml" was looked at\. cloudformation does not fit: /);
    expect(unfit?.message).toContain(
      `${said} If the artifact is for sam, ask the cloud team to publish a version.`,
    );
  });

  it.each([
    ["template: cobol\n", "TemplateConstraintUnmet", "there are sam, cloudformation, custom"],
    ["template: sam\n", "TemplateUnfit", "sam does not fit: template.yaml has no transform"],
    ["type: cobol\n", "TraitsMalformed", "there are batch, sam, cloudformation, custom"],
    ["type: sam\ntemplate: cloudformation\n", "TraitsContradictory", "but they ask for cloudformation"],
  ])("is rejected for %s", async (build, code, says) => {
    const error = await errorOf(() => withBuild(build, { defaults: { batch: "custom" } }));
    expect([error?.code, error?.message]).toEqual([code, expect.stringContaining(says)]);
  });

  it.each([
    ["its name", "type: custom\n"],
    ["what the estate has for it", "type: batch\n"],
  ])("follows from the type: %s", async (_, build) => {
    const [name] = await chosen(build, { defaults: { batch: "custom@1.x" } });
    expect(name).toBe("custom");
  });

  it("is the estate's for the family only when the content decides nothing", async () => {
    const over = { defaults: { jobs: "custom" } };
    const build = { ".traits/build.yml": "family: jobs\n" };
    expect((await inspect({ ...build, "run.exe": "" }, over)).template.ref.name).toBe("custom");
    expect((await inspect({ ...build, "template.yaml": plain }, over)).template.ref.name).toBe(
      "cloudformation",
    );
    const error = await errorOf(() => inspect({ ".traits/build.yml": "family: other\n" }, over));
    expect(error?.code).toBe("NoTemplateFits");
  });

  it("is not detected by the traits files themselves", async () => {
    const greedy = published({
      ...cloudformation,
      name: "greedy",
      entries: [{ matches: /yml$/, rank: 0, means: "any" }],
    });
    const { template } = await withBuild("family: x\n", { templates: [...templates, greedy] });
    expect(template.ref.name).toBe("cloudformation");
  });

  it("decides between two that fit", async () => {
    const two = { "template.yaml": plain, "cfn.yaml": "", ".traits/build.yml": "template: custom\n" };
    expect((await inspect(two)).manifest.traits.template).toEqual({ name: "custom" });
  });
});

describe("the estate's defaults", () => {
  const estate = (defaults: string) =>
    parseEstate(`region: us-east-1\ncentral: "101010101010"\nanchors: {}\n${defaults}`).defaults;

  it("the estate's defaults are release templates by type or family", () => {
    expect(estate("")).toEqual({ templates: {} });
    expect(estate("defaults: { templates: { batch: custom@^1 } }\n").templates).toEqual({
      batch: "custom@^1",
    });
  });

  it("the estate's defaults are rejected when they name no release template", async () => {
    const error = await errorOf(() => estate("defaults: { templates: { batch: ^1 } }\n"));
    expect([error?.code, error?.message]).toEqual([
      "EstateMalformed",
      expect.stringContaining("line 4, column 33"),
    ]);
  });
});

describe("the cost of traits", () => {
  const filler = "0123456789abcdef".repeat(64 * 1000);

  it.each([
    ["one range more where they lie far away", ["template.yaml", "a", "b", ".traits/build.yml", "c"], 3],
    ["nothing where they lie beside the template", ["a", "template.yaml", ".traits/build.yml", "b"], 2],
    ["nothing at the artifact's end", ["template.yaml", "a", ".traits/build.yml"], 2],
  ])("is %s", async (_, order, ranges) => {
    const contents: Files = { "template.yaml": plain, ".traits/build.yml": "family: x\n" };
    const zip = writeZip(order.map((name) => ({ name, content: contents[name] ?? filler, compress: false })));
    let reads = 0;
    const read = async (start: number, end: number) => {
      reads += 1;
      return zip.subarray(start, end);
    };
    await inspect({}, { reader: { size: zip.length, read } });
    expect(reads).toBeLessThanOrEqual(ranges);
  });
});

describe("settings", () => {
  const estate = parseEstate(`
region: us-east-1
central: "101010101010"
anchors:
  shop:
    account: "111111111111"
    environments:
      - { name: dev, account: "222222222222", order: 1, branches: ["**"] }
      - { name: prod, account: "444444444444", order: 3, branches: [main] }
`);
  async function plan(files: Files, branch = "main") {
    const inspection = await inspect({ "template.yaml": plain, ...files }, { templates: [published(sized)] });
    const artifact = { bucket: "", key: "", versionId: "1", size: 1, etag: "" };
    return planRelease({ estate, line: { ...shop, branch }, artifact, inspection });
  }

  it("settings have the shape of the release template, with an environment's overrides", async () => {
    const traits = {
      ".traits/build.yml": "settings: { zone: a }\n",
      ".traits/deployment.yml":
        "environments: { dev: { settings: { size: 1 } }, prod: { settings: { size: 2 } } }\n",
    };
    expect((await plan(traits)).release.manifest.traits.settings).toEqual({ zone: "a" });
  });

  it.each([
    [
      "wrong in the base",
      "settings: { size: 10 }\n",
      "",
      ".traits/build.yml, line 1, column 19, settings.size: Expected",
    ],
    ["unknown", "settings: { size: 1, colour: red }\n", "", 'Unknown field "colour"'],
    ["missing", "", "", "The field size is missing"],
    [
      "wrong in an environment the branch does not reach",
      "settings: { size: 1 }\n",
      "environments:\n  prod:\n    settings:\n      size: x\n",
      ".traits/deployment.yml, line 4, column 13, environments.prod.settings.size: Expected",
    ],
  ])(
    "settings are rejected in the release template's name when they are %s",
    async (_, build, deployment, says) => {
      const files = { ".traits/build.yml": build, ".traits/deployment.yml": deployment };
      const error = await errorOf(() => plan(files, "feature/x"));
      expect(error?.code).toBe("TraitsMalformed");
      expect(error?.message).toContain(`The release template sized ${sized.version} takes other settings.`);
      expect(error?.message).toContain(says);
    },
  );

  it("settings leave no environment when traits and estate share none", async () => {
    const deployment = "eligibility: { environments: [prod] }\n";
    const error = await errorOf(() => plan({ ".traits/deployment.yml": deployment }, "feature/x"));
    expect(error?.code).toBe("NoEligibleEnvironment");
    expect(error?.message).toContain(
      "dev: The branch fits **. The traits' environments are prod; it has dev.",
    );
    expect(error?.message).toContain("prod: Accepts main only. The traits' environments have prod.");
  });
});
