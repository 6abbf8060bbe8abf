import { describe, expect, it } from "vitest";
import type { Estate } from "#release/estate/estate.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";
import { type LineSelector, selects } from "#release/estate/line-selector.ts";
import type { Line } from "#release/names/key.ts";
import { versionFor } from "#release/template/template-choice.ts";
import {
  emptyIndex,
  formatIndex,
  type PublishedTemplate,
  parseIndex,
  type TemplateIndex,
} from "#release/template/template-index.ts";
import {
  checkVersions,
  findVersion,
  withRollout,
  withRolloutState,
  withTrial,
  withVersion,
} from "#release/template/template-publish.ts";
import { codeOf, shop } from "#test/release/samples.ts";

const estateText = (rules = ""): string => `
region: us-east-1
central: "101010101010"
${rules}
anchors:
  shop:
    account: "111111111111"
    tags: { tier: pilot }
    environments: [{ name: dev, account: "222222222222", order: 1, branches: ["**"] }]
`;
const estate: Estate = parseEstate(estateText());

const sam = (version: string, draft = false): PublishedTemplate => ({
  name: "sam",
  version,
  sha256: version.replaceAll(/\D/g, "").padEnd(64, "0"),
  publishedAt: "2026-01-01T00:00:00.000Z",
  changelog: "…",
  draft,
});
const refOf = ({ name, version, sha256 }: PublishedTemplate) => ({ name, version, sha256 });
const [one, two] = [sam("1.0.0"), sam("1.1.0")];
const published = [one, two].reduce(withVersion, emptyIndex);
const lines = Array.from({ length: 1000 }, (_, index): Line => ({ ...shop, app: `app-${index}` }));

const versionOf = (index: TemplateIndex, own?: PublishedTemplate, line = shop, of = estate) =>
  versionFor({ index, estate: of, line, name: "sam", ...(own && { own: refOf(own) }) })?.version;

describe("the index", () => {
  it("is read back as it was written", () => {
    const index = withTrial(
      withRollout(published, two, [{ name: "a", lines: { percent: 5 } }]),
      shop,
      "sam",
      two,
    );
    expect(parseIndex(formatIndex(index))).toEqual(index);
  });

  it("rejects another content under a version, and accepts the same content again", async () => {
    expect(withVersion(published, two)).toEqual(published);
    expect(await codeOf(() => withVersion(published, { ...two, sha256: "f".repeat(64) }))).toBe(
      "TemplateVersionTaken",
    );
  });

  it("names every template whose published version has other bytes, with both digests", () => {
    const [changed, other] = [
      { ...one, sha256: "e".repeat(64) },
      { ...two, sha256: "f".repeat(64) },
    ];
    expect(() => checkVersions(published, [changed, sam("1.2.0"), other])).toThrow(
      expect.objectContaining({
        code: "TemplateVersionTaken",
        message: [
          `sam@1.0.0 is published with the digest ${one.sha256}; the bundle to publish has the digest ${changed.sha256}.`,
          `sam@1.1.0 is published with the digest ${two.sha256}; the bundle to publish has the digest ${other.sha256}.`,
        ].join("\n"),
      }),
    );
    expect(() => checkVersions(published, [refOf(one), refOf(two)])).not.toThrow();
  });

  it("finds the highest version that is no draft", async () => {
    const index = [sam("1.10.0"), sam("2.0.0-draft.1", true)].reduce(withVersion, published);
    expect(findVersion(index, "sam").version).toBe("1.10.0");
    expect(findVersion(index, "sam@2.0.0-draft.1").draft).toBe(true);
    expect(await codeOf(() => findVersion(index, "sam@9.0.0"))).toBe("TemplateUnavailable");
  });
});

describe("a line's version", () => {
  const waves = [
    { name: "pilot", lines: { tags: { tier: "pilot" }, apps: ["shop"] } },
    { name: "rest", lines: {} },
  ];
  const rolling = withRollout(published, two, waves);
  const begun = (count: number) => withRolloutState(rolling, "sam", { begun: count });

  it("is the current one for a new line, and its own for any other", () => {
    expect(versionOf(published)).toBe("1.0.0");
    expect(versionOf(published, two)).toBe("1.1.0");
  });

  it("moves when its wave begins, not before", () => {
    expect(versionOf(begun(0), one)).toBe("1.0.0");
    expect(versionOf(begun(1), one)).toBe("1.1.0");
    expect(versionOf(begun(1), one, { ...shop, app: "other" })).toBe("1.0.0");
    expect(versionOf(begun(2), one, { ...shop, app: "other" })).toBe("1.1.0");
  });

  it("returns after a rollback, and only for lines that had moved", () => {
    const back = withRolloutState(begun(1), "sam", { state: "taken-back" });
    expect([versionOf(back, two), versionOf(back, one), versionOf(back)]).toEqual([
      "1.0.0",
      "1.0.0",
      "1.0.0",
    ]);
  });

  it("is current for new lines once the rollout is done", () => {
    const done = withRolloutState(begun(2), "sam", { state: "done" });
    expect(versionOf(done)).toBe("1.1.0");
  });

  it("is the estate's where it pins the line, and stays where the estate excludes the line", () => {
    const pinned = parseEstate(
      estateText(`templates: { sam: { pins: [{ version: 1.0.0, lines: { apps: [shop] } }] } }`),
    );
    expect(versionOf(begun(2), two, shop, pinned)).toBe("1.0.0");
    const excluded = parseEstate(estateText(`templates: { sam: { exclude: [{ branches: [main] }] } }`));
    expect(versionOf(begun(2), one, shop, excluded)).toBe("1.0.0");
  });

  it("is rejected when the pinned version was never published", async () => {
    const pinned = parseEstate(estateText(`templates: { sam: { pins: [{ version: 7.0.0, lines: {} }] } }`));
    expect(await codeOf(() => versionOf(published, one, shop, pinned))).toBe("TemplateUnavailable");
  });

  it("is that of its trial, drafts included, until the trial ends", () => {
    const draft = sam("1.2.0-draft.1", true);
    const tried = withTrial(withVersion(published, draft), shop, "sam", draft);
    expect(versionOf(tried, one)).toBe("1.2.0-draft.1");
    expect(versionOf(tried, one, { ...shop, app: "other" })).toBe("1.0.0");
    expect(versionOf(withTrial(tried, shop, "sam", undefined), one)).toBe("1.0.0");
  });
});

describe("a rollout", () => {
  it("is rejected for drafts, for the current version, and during another rollout", async () => {
    const draft = sam("1.2.0-draft.1", true);
    expect(await codeOf(() => withRollout(withVersion(published, draft), draft, []))).toBe("RolloutRefused");
    expect(await codeOf(() => withRollout(published, one, []))).toBe("RolloutRefused");
    const halted = withRolloutState(withRollout(published, two, []), "sam", { state: "halted", why: "…" });
    expect(await codeOf(() => withRollout(halted, two, []))).toBe("RolloutRefused");
  });
});

describe("a selector", () => {
  const anchor = { name: "shop", tags: { tier: "pilot" } };
  const share = (selector: LineSelector): number =>
    lines.filter((line) => selects(selector, line, anchor)).length;

  it("selects about its percentage, and a larger percentage includes a smaller one", () => {
    expect(share({ percent: 10 })).toBeGreaterThan(60);
    expect(share({ percent: 10 })).toBeLessThan(140);
    expect(share({ percent: 100 })).toBe(1000);
    const five = lines.filter((line) => selects({ percent: 5 }, line, anchor));
    expect(five.every((line) => selects({ percent: 25 }, line, anchor))).toBe(true);
  });

  it("requires all of its criteria", () => {
    expect(share({ anchors: ["bank"] })).toBe(0);
    expect(share({ tags: { tier: "gold" } })).toBe(0);
    expect(share({ anchors: ["sh*"], apps: ["app-1*"], branches: ["main"] })).toBe(111);
  });
});
