import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cacheControl,
  contentType,
  isFingerprinted,
  pathsToInvalidate,
  type Site,
  type SiteRelease,
  siteFiles,
  staleKeys,
  withRelease,
} from "#release/stack/site.ts";

const site: Site = {
  folder: "dist",
  pages: ["*.html", "**/*.html", "sw.js"],
  assetSeconds: 31_536_000,
  pageSeconds: 0,
  keepReleases: 2,
};
const file = (key: string) => ({ path: `dist/${key}`, key });

describe("a site's files", () => {
  it("a site's files are those of its folder, pages apart, without Kedge's own files", () => {
    const names = [
      ...["dist/index.html", "dist/docs/a.html", "dist/sw.js", "dist/assets/app-B8x9Qz2f.js"],
      ...["dist/smoke-test.sh", "dist/.traits/build.yml", "src/main.js", ".traits/build.yml"],
    ];
    const { assets, pages } = siteFiles(names, site);
    expect(assets).toEqual([file("assets/app-B8x9Qz2f.js")]);
    expect(pages.map(({ key }) => key)).toEqual(["index.html", "docs/a.html", "sw.js"]);
  });

  it.each([
    ["assets/index-CWIolcp4.js", true],
    ["assets/index-BAVdhtAO.css", true],
    ["static/js/main.8d1f0c2e.chunk.js", true],
    ["assets/jquery-migrate.js", false],
    ["images/background.png", false],
    ["fonts/open-sans-regular.woff2", false],
  ])("marks %s as named by its content: %s", (key, expected) => {
    expect(isFingerprinted(key)).toBe(expected);
  });

  it("a site's files are cached by browsers only when their names change with their content", () => {
    expect(cacheControl(file("assets/index-CWIolcp4.js"), site)).toBe("public, max-age=31536000, immutable");
    expect(cacheControl(file("logo.png"), site)).toBe("public, max-age=0, must-revalidate");
    expect(cacheControl(file("page-CWIolcp4.html"), site)).toBe("public, max-age=0, must-revalidate");
  });

  it("a site's files have the content type of their name's extension", () => {
    expect(["a.HTML", "a.mjs", "a.unknown", "LICENSE"].map(contentType)).toEqual([
      "text/html; charset=utf-8",
      "text/javascript; charset=utf-8",
      "application/octet-stream",
      "application/octet-stream",
    ]);
  });

  it("a site's files are invalidated under all their paths, or as a wildcard when they are many", () => {
    expect(pathsToInvalidate([file("index.html"), file("docs/a b.html")])).toEqual([
      "/index.html",
      "/",
      "/docs/a%20b.html",
    ]);
    expect(pathsToInvalidate(Array.from({ length: 30 }, (_, index) => file(`${index}.html`)))).toEqual([
      "/*",
    ]);
  });
});

describe("stale files of a site", () => {
  const release = (digest: string, ...keys: string[]): SiteRelease => ({ digest, version: digest, keys });

  it("stale files of a site are those without a reference from a kept release, and all pages but the newest", () => {
    const releases = [release("c", "index.html", "c.js"), release("b", "index.html", "old.html", "b.js")];
    const there = ["index.html", "old.html", "a.js", "b.js", "c.js", ".kedge/releases.json"];
    expect(staleKeys(there, releases, site)).toEqual(["old.html", "a.js"]);
  });

  it("keeps every asset of a kept release, in any order of releases", () => {
    const digest = fc.constantFrom("a", "b", "c", "d");
    fc.assert(
      fc.property(fc.array(digest, { minLength: 1 }), (digests) => {
        const releases = digests.reduce<readonly SiteRelease[]>(
          (before, each) => withRelease(before, release(each, "index.html", `${each}.js`), site),
          [],
        );
        expect(releases.length).toBeLessThanOrEqual(site.keepReleases);
        expect(releases[0]?.digest).toBe(digests.at(-1));
        const there = ["a.js", "b.js", "c.js", "d.js", "index.html"];
        const stale = staleKeys(there, releases, site);
        expect(stale.some((key) => releases.some(({ keys }) => keys.includes(key)))).toBe(false);
        expect(stale.length).toBe(4 - releases.length);
      }),
    );
  });
});
