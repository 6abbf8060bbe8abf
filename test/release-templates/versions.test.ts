/**
 * A published version of a release template never changes. So the bundle of this checkout has the recorded bytes, or its
 * version is higher than every recorded version.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import semver from "semver";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleTemplates } from "#bundle/bundle-templates.ts";
import { releaseTemplates } from "#templates/index.ts";
import { type RecordedTemplate, readRegistry, recordedLabels } from "#test/fixtures/read-registry.ts";

type Recorded = RecordedTemplate & { readonly label: string };

const recorded: readonly Recorded[] = recordedLabels().flatMap((label) =>
  readRegistry(label).templates.map((each) => ({ ...each, label })),
);

/** The objection is undefined when the bundle may be published over every recorded registry. */
function objectionTo({ name, version, sha256 }: RecordedTemplate): string | undefined {
  const versions = recorded.filter((each) => each.name === name);
  const [newest] = versions.toSorted((a, b) => semver.rcompare(a.version, b.version));
  if (newest === undefined) return undefined;
  const advice = `Raise the patch version in release-templates/${name}/template.ts; the newest recorded version is ${newest.version}.`;
  const same = versions.filter((each) => each.version === version);
  const changed = same.find((each) => each.sha256 !== sha256);
  if (changed !== undefined) {
    return `${name}@${version} now has the digest ${sha256}. The registry ${changed.label} has published that version with the digest ${changed.sha256}, and a published version never changes. ${advice}`;
  }
  return same.length > 0 || semver.gt(version, newest.version)
    ? undefined
    : `${name}@${version} is not recorded and is lower than a recorded version. ${advice}`;
}

describe("a release template's version", () => {
  let work: string;
  let bundles: readonly RecordedTemplate[];

  beforeAll(async () => {
    work = await mkdtemp(join(tmpdir(), "kedge-versions-"));
    bundles = await bundleTemplates(join(work, "templates"));
  });

  afterAll(() => rm(work, { recursive: true, force: true }));

  it.each(releaseTemplates.map(({ name }) => name))(
    "keeps its recorded bytes, or is a higher version: %s",
    (name) => {
      const bundle = bundles.find((each) => each.name === name);
      expect(bundle).toBeDefined();
      expect(bundle && objectionTo(bundle)).toBeUndefined();
    },
  );

  it("fails with the advice to raise it when the bundle has other bytes", () => {
    const [first] = recorded;
    const { name = "", version = "", sha256 = "", label = "" } = first ?? {};
    const other = "f".repeat(64);
    expect(objectionTo({ name, version, sha256: other })).toBe(
      `${name}@${version} now has the digest ${other}. The registry ${label} has published that version with the digest ${sha256}, and a published version never changes. Raise the patch version in release-templates/${name}/template.ts; the newest recorded version is ${newestOf(name)}.`,
    );
  });

  it("fails when it is lower than a recorded version, and passes when it is higher", () => {
    const [first] = recorded;
    const name = first?.name ?? "";
    const sha256 = "f".repeat(64);
    expect(objectionTo({ name, version: "0.0.1", sha256 })).toContain("is lower than a recorded version");
    const higher = semver.inc(newestOf(name), "patch") ?? "";
    expect(objectionTo({ name, version: higher, sha256 })).toBeUndefined();
  });
});

const newestOf = (name: string): string =>
  recorded
    .filter((each) => each.name === name)
    .map(({ version }) => version)
    .sort(semver.rcompare)[0] ?? "";
