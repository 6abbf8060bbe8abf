/**
 * What is written for one region, told for another: parts lie in a cache of each region, under the same keys, and a
 * function's code or a nested template must be read from its own region's.
 */
import type { Anchor } from "./estate.ts";

/** A region's cache of one anchor. */
export type CacheLocation = { readonly bucket: string; readonly region: string };

/** The text with the one cache's name, and S3's host for it, replaced by the other's. */
export const toldFor = (text: string, from: CacheLocation, to: CacheLocation): string =>
  from.region === to.region
    ? text
    : text
        .replaceAll(`${from.bucket}.s3.${from.region}.`, `${to.bucket}.s3.${to.region}.`)
        .replaceAll(from.bucket, to.bucket);

/** Other regions than its own that the anchor's environments, or those of a release, are in. */
export const otherRegions = (
  home: string,
  places: readonly { readonly region: string }[],
): readonly string[] =>
  [...new Set(places.map(({ region }) => region))].filter((region) => region !== home).sort();

export const regionsOf = ({ region, environments }: Anchor): readonly string[] =>
  otherRegions(region, environments);
