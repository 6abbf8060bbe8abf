/**
 * Decides how a site's files are published: their keys, their headers, and the stale ones. Assets are written
 * first and pages last, and the assets of recent releases stay, so no visitor gets a page whose assets are
 * missing.
 */

import { describeProblems, valueTree } from "#release/document/node-tree.ts";
import { integer, listOf, object, readShape, type Shape, text } from "#release/document/shape.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { fitsPatterns } from "#release/names/patterns.ts";

/** `site.json`, which the release template writes and the publishing action reads. */
export type Site = {
  /** Of the artifact; "" for its top. */
  readonly folder: string;
  /** Patterns of the files that are read anew with each visit. */
  readonly pages: readonly string[];
  readonly assetSeconds: number;
  readonly pageSeconds: number;
  readonly keepReleases: number;
};

const shape: Shape<Site> = object({
  folder: text(),
  pages: listOf(text()),
  assetSeconds: integer(0, 31_536_000),
  pageSeconds: integer(0, 86_400),
  keepReleases: integer(1, 50),
});

export const siteFile = "site.json";

export const formatSite = (site: Site): string => JSON.stringify(site);

export function parseSite(json: string): Site {
  const read = readShape(shape, valueTree(JSON.parse(json)));
  if ("value" in read) return read.value;
  throw new ReleaseError("ReleaseDocumentMalformed", `${siteFile}: ${describeProblems(read.problems)}`);
}

export type SiteFile = { readonly path: string; readonly key: string };

/** Returns the site's files in the artifact's order. Files that Kedge itself reads are not among them. */
export function siteFiles(names: readonly string[], { folder, pages }: Site) {
  const home = folder === "" ? "" : `${folder}/`;
  const files = names
    .filter((name) => name.startsWith(home))
    .map((path): SiteFile => ({ path, key: path.slice(home.length) }))
    .filter(({ key }) => !notTheSite.test(key));
  const isPage = ({ key }: SiteFile): boolean => fitsPatterns(key, pages);
  return { assets: files.filter((file) => !isPage(file)), pages: files.filter(isPage) };
}

const notTheSite =
  /^(\.kedge\/|\.traits\/|smoke-test\.sh$|buildspec\.smoke\.ya?ml$|smoke(-test)?\/|parameters(\.[^/]+)?\.json$|parameters\/)/;

/** `index-B8x9Qz2f.js`: the name changes with the content, as bundlers make it. */
export function isFingerprinted(key: string): boolean {
  const hash = /[-._]([A-Za-z0-9_-]{8,})(\.[A-Za-z0-9]+)+$/.exec(key)?.[1] ?? "";
  return (/\d/.test(hash) && /[A-Za-z]/.test(hash)) || /[a-z].*[A-Z]|[A-Z]{2}.*[a-z]/.test(hash);
}

/** Only a file whose name changes with its content may be cached for long. */
export const cacheControl = ({ key }: SiteFile, { pages, assetSeconds, pageSeconds }: Site): string =>
  isFingerprinted(key) && !fitsPatterns(key, pages)
    ? `public, max-age=${assetSeconds}, immutable`
    : `public, max-age=${pageSeconds}, must-revalidate`;

const types: Readonly<Record<string, string>> = {
  avif: "image/avif",
  css: "text/css; charset=utf-8",
  gif: "image/gif",
  htm: "text/html; charset=utf-8",
  html: "text/html; charset=utf-8",
  ico: "image/x-icon",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  map: "application/json",
  md: "text/markdown; charset=utf-8",
  mjs: "text/javascript; charset=utf-8",
  mp3: "audio/mpeg",
  mp4: "video/mp4",
  otf: "font/otf",
  pdf: "application/pdf",
  png: "image/png",
  svg: "image/svg+xml",
  ttf: "font/ttf",
  txt: "text/plain; charset=utf-8",
  wasm: "application/wasm",
  webm: "video/webm",
  webmanifest: "application/manifest+json",
  webp: "image/webp",
  woff: "font/woff",
  woff2: "font/woff2",
  xml: "application/xml",
  zip: "application/zip",
};

export const contentType = (key: string): string =>
  types[/\.([a-z0-9]+)$/i.exec(key)?.[1]?.toLowerCase() ?? ""] ?? "application/octet-stream";

/** The published releases, newest first. The list is an object of its own in the bucket. */
export type SiteRelease = {
  readonly digest: string;
  readonly version: string;
  readonly keys: readonly string[];
};

export const releasesKey = ".kedge/releases.json";

const releasesShape: Shape<readonly SiteRelease[]> = listOf(
  object({ digest: text(), version: text(), keys: listOf(text()) }),
);

/** An unreadable list counts as empty: Kedge writes it again, and the keys that it named are stale. */
export function parseReleases(json: string): readonly SiteRelease[] {
  try {
    const read = readShape(releasesShape, valueTree(JSON.parse(json)));
    return "value" in read ? read.value : [];
  } catch {
    return [];
  }
}

export const withRelease = (
  before: readonly SiteRelease[],
  release: SiteRelease,
  { keepReleases }: Site,
): readonly SiteRelease[] =>
  [release, ...before.filter(({ digest }) => digest !== release.digest)].slice(0, keepReleases);

/**
 * Returns the keys without a reference from a kept release. A page of an earlier release is stale as soon as
 * the newest release has no page of that name.
 */
export function staleKeys(
  there: readonly string[],
  releases: readonly SiteRelease[],
  site: Site,
): readonly string[] {
  const [newest] = releases;
  const kept = new Set(releases.flatMap(({ keys }) => keys.filter((key) => !fitsPatterns(key, site.pages))));
  const pages = new Set(newest?.keys ?? []);
  return there.filter((key) => !key.startsWith(".kedge/") && !kept.has(key) && !pages.has(key));
}

/**
 * Paths of changed files that CloudFront has to invalidate. Many paths become one wildcard, which costs the
 * same.
 */
export function pathsToInvalidate(changed: readonly SiteFile[]): readonly string[] {
  const paths = changed.flatMap(({ key }) => {
    const path = `/${encodeURI(key)}`;
    return key.endsWith("index.html") ? [path, path.slice(0, -"index.html".length)] : [path];
  });
  return paths.length > 20 ? ["/*"] : paths;
}
