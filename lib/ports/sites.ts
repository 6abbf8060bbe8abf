/** The port to the buckets of sites in the target accounts and to the distributions in front of them. */
import type { AssetContent } from "./assets.ts";
import type { AccountInRegion } from "./target.ts";

type SiteHeaders = {
  readonly cacheControl: string;
  readonly contentType: string;
  /** Identifies equal objects without reading them. */
  readonly fingerprint: string;
};

export type Sites = {
  /** Sizes by key. */
  readonly list: (target: AccountInRegion, bucket: string) => Promise<ReadonlyMap<string, number>>;
  readonly fingerprint: (target: AccountInRegion, bucket: string, key: string) => Promise<string | undefined>;
  readonly put: (
    target: AccountInRegion,
    bucket: string,
    key: string,
    content: AssetContent,
    headers: SiteHeaders,
  ) => Promise<void>;
  readonly read: (target: AccountInRegion, bucket: string, key: string) => Promise<string | undefined>;
  readonly write: (target: AccountInRegion, bucket: string, key: string, json: string) => Promise<void>;
  readonly remove: (target: AccountInRegion, bucket: string, keys: readonly string[]) => Promise<void>;
  /** Invalidates the paths at CloudFront's edges. Equal `reference`s mean the same request. */
  readonly invalidate: (
    target: AccountInRegion,
    distribution: string,
    paths: readonly string[],
    reference: string,
  ) => Promise<void>;
};
