/**
 * How a site's files are published so that no visitor ever sees a page whose assets are missing: assets first, pages
 * last, and of assets those of the last releases stay. Decides keys, headers and what is stale.
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

/** Files of the artifact that are the site's, in the artifact's order. What Kedge reads of it is none. */
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

/** Only what has a name of its own for each content may be kept for long. */
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

/** What was published, newest first; its own object in the bucket. */
export type SiteRelease = {
  readonly digest: string;
  readonly version: string;
  readonly keys: readonly string[];
};

export const releasesKey = ".kedge/releases.json";

const releasesShape: Shape<readonly SiteRelease[]> = listOf(
  object({ digest: text(), version: text(), keys: listOf(text()) }),
);

/** One that cannot be read counts as none: it is written anew, and what it named is stale. */
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

/** Keys nothing that is kept refers to. Pages of earlier releases are stale as soon as the newest has none of the name. */
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

/** Paths of changed files whose copies at the edges are to be forgotten; many are told as all, which costs the same. */
export function pathsToForget(changed: readonly SiteFile[]): readonly string[] {
  const paths = changed.flatMap(({ key }) => {
    const path = `/${encodeURI(key)}`;
    return key.endsWith("index.html") ? [path, path.slice(0, -"index.html".length)] : [path];
  });
  return paths.length > 20 ? ["/*"] : paths;
}
