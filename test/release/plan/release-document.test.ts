import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Release } from "#release/plan/release.ts";
import { formatRelease, parseRelease, releaseBundle } from "#release/plan/release-document.ts";
import { bytesReader } from "#release/zip/range-reader.ts";
import { readZipDirectory } from "#release/zip/zip-directory.ts";
import { entryContent, entryRange } from "#release/zip/zip-entry.ts";
import { artifact } from "#test/release/line/observations.ts";
import { codeOf, errorOf, manifest, samRef, shop, shopTargets } from "#test/release/samples.ts";

const { lastModified: _, ...ref } = artifact("v1");
const release: Release = {
  schema: 1,
  line: { ...shop, branch: "feature/JIRA-42/größe ändern" },
  artifact: ref,
  template: samRef,
  manifest: {
    ...manifest,
    parameters: { shared: "parameters.json", byEnvironment: { dev: "parameters/dev.json" } },
  },
  targets: shopTargets,
  provided: { dev: { LogLevel: "debug" } },
};

describe("the release document", () => {
  it("is read back as it was written", () => {
    expect(parseRelease(formatRelease(release))).toEqual(release);
  });

  it("does not depend on the order it was built in", () => {
    const reversed = Object.fromEntries(Object.entries(release).reverse()) as Release;
    expect(formatRelease(reversed)).toBe(formatRelease(release));
  });

  it("is rejected when it was cut off at any byte", async () => {
    const whole = formatRelease(release);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), async (length) => {
        expect(await codeOf(() => parseRelease(whole.slice(0, length)))).toBe("ReleaseDocumentMalformed");
      }),
    );
  });

  it.each([
    [{ ...release, schema: 2 }, "schema: Expected 1, found 2."],
    [{ ...release, artifact: { ...ref, size: -1 } }, "artifact.size: Expected a whole number"],
    [{ ...release, artifact: { ...ref, versionId: undefined } }, "artifact: The field versionId is missing."],
    [
      { ...release, manifest: { ...manifest, smoke: { kind: "other" } } },
      "manifest.smoke: Expected an object whose kind is one of none, script, buildspec.",
    ],
    [{ ...release, extra: 1 }, 'extra: Unknown field "extra"'],
  ])("is rejected when it is incomplete", async (broken, message) => {
    const error = await errorOf(() => parseRelease(JSON.stringify(broken)));
    expect(error?.code).toBe("ReleaseDocumentMalformed");
    expect(error?.move).toBe("errored");
    expect(error?.message).toContain(message);
  });

  it("travels in a bundle of equal bytes for an equal release", async () => {
    const bundle = releaseBundle(release);
    expect(releaseBundle(structuredClone(release))).toEqual(bundle);
    const { entries } = await readZipDirectory(bytesReader(bundle), { entries: 10, unpackedBytes: 10_000 });
    const [entry] = entries;
    if (entry === undefined) throw new RangeError("no entry");
    const { start, end } = entryRange(entry);
    const json = Buffer.from(entryContent(entry, bundle.subarray(start, end))).toString();
    expect([entry.name, parseRelease(json)]).toEqual(["release.json", release]);
  });
});
