/** Tests which version a line gets when versions are withdrawn. */
import { describe, expect, it } from "vitest";
import { loadTemplates } from "#journey/load-templates.ts";
import type { TemplateRegistry } from "#ports/template-registry.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";
import { formatSupplement, withSupplement } from "#release/template/index-supplement.ts";
import { dueVersion, furtherVersions, versionFor } from "#release/template/template-choice.ts";
import {
  emptyIndex,
  formatIndex,
  type PublishedTemplate,
  parseIndex,
  type TemplateIndex,
} from "#release/template/template-index.ts";
import {
  findVersion,
  withPublisher,
  withRollout,
  withRolloutState,
  withTrial,
  withVersion,
} from "#release/template/template-publish.ts";
import { replacementOf, withWithdrawal } from "#release/template/withdrawn.ts";
import { codeOf, shop } from "#test/release/samples.ts";

const estateWith = (rules: string) =>
  parseEstate(`
region: us-east-1
central: "101010101010"
${rules}
anchors:
  shop:
    account: "111111111111"
    environments: [{ name: dev, account: "222222222222", order: 1, branches: ["**"] }]
`);
const estate = estateWith("");
const pinned = estateWith("templates: { sam: { pins: [{ version: 1.0.0, lines: {} }] } }");

const sam = (version: string, draft = false): PublishedTemplate => ({
  ...{ name: "sam", version, sha256: version.replaceAll(/\D/g, "").padEnd(64, "0") },
  ...{ publishedAt: "2026-01-01T00:00:00.000Z", changelog: "…", draft },
});
const refOf = ({ name, version, sha256 }: PublishedTemplate) => ({ name, version, sha256 });
const [one, two] = [sam("1.0.0"), sam("1.1.0")];
const published = [one, two].reduce(withVersion, emptyIndex);
const withdraw = (index: TemplateIndex, version: string, reason = "It has a hole."): TemplateIndex =>
  withWithdrawal(index, { name: "sam", version, withdrawnAt: "2026-02-01T00:00:00.000Z", reason });
const rolling = withRollout(published, two, [{ name: "all lines", lines: {} }], [shop]);
const moved = withRolloutState(rolling, "sam", { begun: 1 });

const request = (index: TemplateIndex, own?: PublishedTemplate, of = estate) => ({
  ...{ index, estate: of, line: shop, name: "sam" },
  ...(own && { own: refOf(own) }),
});

describe("a new release", () => {
  it.each([
    ["the current version", request(withdraw(published, "1.0.0"))],
    ["the line's own version", request(withdraw(published, "1.0.0"), one)],
    ["the estate's pin", request(withdraw(published, "1.0.0"), undefined, pinned)],
    ["the version of a trial", request(withdraw(withTrial(published, shop, "sam", one), "1.0.0"))],
  ])("takes another version when %s is withdrawn", (_, asked) => {
    expect(versionFor(asked)?.version).toBe("1.1.0");
  });

  it("goes back to the current version when the version of a rollout is withdrawn", () => {
    expect(versionFor(request(withdraw(moved, "1.1.0"), two))?.version).toBe("1.0.0");
  });

  it("keeps the line's own version where the estate's pin is withdrawn", () => {
    const index = withdraw([sam("1.2.0")].reduce(withVersion, published), "1.0.0");
    expect(versionFor(request(index, two, pinned))?.version).toBe("1.1.0");
  });

  it("has no version when each one is withdrawn", () => {
    expect(versionFor(request(withdraw(withdraw(published, "1.0.0"), "1.1.0"), one))).toBeUndefined();
  });

  it("is offered no withdrawn version for a constraint in the traits", () => {
    expect(furtherVersions(request(withdraw(published, "1.1.0"))).map(({ version }) => version)).toEqual([
      "1.0.0",
    ]);
  });

  it("is rejected when each version of the line's template is withdrawn", async () => {
    const index = withdraw(withdraw(published, "1.0.0"), "1.1.0");
    const registry: TemplateRegistry = {
      index: async () => index,
      load: () => Promise.reject(new TypeError("No version may be loaded.")),
    };
    const own = refOf(one);
    expect(await codeOf(() => loadTemplates(registry, { estate, line: shop, own }))).toBe(
      "TemplateWithdrawn",
    );
    expect((await loadTemplates(registry, { estate, line: shop })).loaded).toEqual([]);
  });
});

describe("the replacement of a withdrawn version", () => {
  const of = (versions: readonly PublishedTemplate[]) =>
    replacementOf(withdraw(versions.reduce(withVersion, emptyIndex), "1.1.0"), two)?.version;

  it.each([
    ["the current version before a newer one of its major", [one, two, sam("1.2.0")], "1.0.0"],
    ["the newest of the same major before a newer major", [sam("2.0.0"), one, two, sam("1.2.0")], "1.2.0"],
    ["another major when its own has no other version", [two, sam("2.0.0")], "2.0.0"],
    ["no draft", [two, sam("1.2.0-draft.1", true)], undefined],
  ])("is %s", (_, versions, expected) => {
    expect(of(versions)).toBe(expected);
  });
});

describe("a line without an upload", () => {
  it("keeps its own version when that is withdrawn", () => {
    expect(dueVersion(request(withdraw(published, "1.0.0"), one))?.version).toBe("1.0.0");
  });

  it("does not move to the withdrawn version of a rollout", () => {
    expect(dueVersion(request(withdraw(moved, "1.1.0"), one))?.version).toBe("1.0.0");
  });

  it("moves from its withdrawn version with a rollout", () => {
    expect(dueVersion(request(withdraw(moved, "1.0.0"), one))?.version).toBe("1.1.0");
  });
});

describe("a withdrawal", () => {
  it("keeps its date when the reason is corrected", () => {
    const again = withWithdrawal(withdraw(published, "1.0.0"), {
      ...{ name: "sam", version: "1.0.0", withdrawnAt: "2026-03-01T00:00:00.000Z", reason: "CVE-1" },
    });
    expect(again.withdrawn).toEqual([
      { name: "sam", version: "1.0.0", withdrawnAt: "2026-02-01T00:00:00.000Z", reason: "CVE-1" },
    ]);
  });

  it("forbids a rollout of the version, and names the version to take", () => {
    expect(() => withRollout(withdraw(published, "1.1.0"), two, [])).toThrow(
      expect.objectContaining({
        code: "TemplateWithdrawn",
        message: "sam@1.1.0 was withdrawn on 2026-02-01: It has a hole. Take sam@1.0.0.",
      }),
    );
  });

  it("is skipped when the highest version is looked for", () => {
    expect(findVersion(withdraw(published, "1.1.0"), "sam").version).toBe("1.0.0");
    expect(findVersion(withdraw(published, "1.1.0"), "sam@1.1.0").version).toBe("1.1.0");
  });
});

describe("the supplement of the index", () => {
  const index = withdraw(rolling, "1.0.0");

  it("is read back as it was written", () => {
    expect(withSupplement(parseIndex(formatIndex(index)), formatSupplement(index))).toEqual(index);
    const published = withPublisher(index, { name: "sam", version: "1.0.0" }, "person-1");
    expect(withSupplement(parseIndex(formatIndex(published)), formatSupplement(published))).toEqual(
      published,
    );
  });

  it("holds the fields that readers of 1.1.0 reject in the index", () => {
    expect(formatIndex(index)).toBe(formatIndex({ ...index, withdrawn: [] }));
    expect(formatIndex(index)).not.toContain("brokenBefore");
    expect(Object.keys(JSON.parse(formatIndex(index)))).toEqual([
      "templates",
      "versions",
      "trials",
      "rollouts",
    ]);
  });

  it("may be missing, and may have fields of a later version", () => {
    expect(withSupplement(published, undefined).withdrawn).toEqual([]);
    const later = JSON.stringify({ ...JSON.parse(formatSupplement(index)), later: true });
    expect(withSupplement(published, later).withdrawn).toEqual(index.withdrawn);
  });

  it.each(["", "{}", '{"withdrawn":[{}],"brokenBefore":[]}'])("throws for the text %j", async (text) => {
    expect(await codeOf(() => withSupplement(published, text))).toBe("TemplateUnavailable");
  });
});
