/**
 * Retargets text from one region to another. Each region has a cache with the same keys, and Lambda and
 * CloudFormation read a function's code or a nested template from a bucket of their own region.
 */
import type { Anchor } from "./estate.ts";

/** A region's cache of one anchor. */
export type CacheLocation = { readonly bucket: string; readonly region: string };

/** Replaces the name of one cache bucket, and its S3 host, by those of the other. */
export const retarget = (text: string, from: CacheLocation, to: CacheLocation): string =>
  from.region === to.region
    ? text
    : text
        .replaceAll(`${from.bucket}.s3.${from.region}.`, `${to.bucket}.s3.${to.region}.`)
        .replaceAll(from.bucket, to.bucket);

/** Returns the regions of the anchor's environments, or of a release's targets, without the home region. */
export const otherRegions = (
  home: string,
  locations: readonly { readonly region: string }[],
): readonly string[] =>
  [...new Set(locations.map(({ region }) => region))].filter((region) => region !== home).sort();

export const regionsOf = ({ region, environments }: Anchor): readonly string[] =>
  otherRegions(region, environments);
