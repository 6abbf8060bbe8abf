/** The settings of a site in the traits, and their defaults. */

import {
  described,
  flag,
  integer,
  listOf,
  object,
  oneOf,
  optional,
  type ShapeOf,
  text,
} from "#release/document/shape.ts";
import { settingsReader } from "#release/template/read-settings.ts";

const pattern = text("a path or a pattern such as *.html", /^[^\s/]\S*$/);

export const settingsShape = object({
  folder: optional(
    described(
      "The folder of the artifact that is the site; the entry page's by default.",
      text("a folder", /^[^/].*[^/]$/),
    ),
  ),
  spa: optional(
    described(
      "A path without a file shows the entry page, so that a router in the browser can handle it.",
      flag(),
    ),
  ),
  pages: optional(
    described(
      "Files that are read anew with each visit; they are published last. By default pages, workers and manifests.",
      listOf(pattern, 1),
    ),
  ),
  assetSeconds: optional(
    described("How long browsers keep assets; a year by default.", integer(0, 31_536_000)),
  ),
  pageSeconds: optional(
    described("How long browsers keep pages; not at all by default.", integer(0, 86_400)),
  ),
  keepReleases: optional(
    described(
      "Assets of so many releases stay, so that a way back takes seconds; 5 by default.",
      integer(1, 50),
    ),
  ),
  aliases: optional(described("Domain names of the site.", listOf(text("a domain name", /^\S+\.\S+$/), 1))),
  certificate: optional(
    described("ARN of their certificate, in us-east-1; may be ${ssm:/path}.", text("an ARN", /^\S+$/)),
  ),
  webAcl: optional(described("ARN of a web ACL; may be ${ssm:/path}.", text("an ARN", /^\S+$/))),
  priceClass: optional(oneOf("PriceClass_100", "PriceClass_200", "PriceClass_All")),
});

export type SiteSettings = ShapeOf<typeof settingsShape>;

export const readSettings = settingsReader("static-site", settingsShape, ({ aliases, certificate }) =>
  (aliases === undefined) === (certificate === undefined)
    ? undefined
    : "The site's aliases and their certificate go together; give both.",
);

/** Files that browsers must not cache: entry pages, and files that decide which assets a page loads. */
export const usualPages = [
  "*.html",
  "**/*.html",
  "sw.js",
  "service-worker.js",
  "*.webmanifest",
  "manifest.json",
  "robots.txt",
  "sitemap.xml",
] as const;
