/**
 * Defines CloudFront's stored state of an account: distributions, origin access controls and invalidations.
 */
import { randomBytes } from "node:crypto";
import type * as sdk from "@aws-sdk/client-cloudfront";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Call, OperationOf, Operations } from "#cloud/kernel/service.ts";
import type { OpenTable, Table } from "#cloud/kernel/store.ts";

export type DistributionRow = {
  readonly id: string;
  readonly etag: string;
  readonly domain: string;
  readonly modified: string;
  readonly config: sdk.DistributionConfig;
};

export type AccessControlRow = {
  readonly id: string;
  readonly etag: string;
  readonly config: sdk.OriginAccessControlConfig;
};

export type InvalidationRow = {
  readonly id: string;
  readonly distribution: string;
  readonly created: string;
  readonly batch: sdk.InvalidationBatch;
};

type CloudFrontState = {
  readonly distributions: Table<DistributionRow>;
  readonly accessControls: Table<AccessControlRow>;
  /** Invalidations by `<distribution> <caller reference>`. */
  readonly invalidations: Table<InvalidationRow>;
};

export const cloudFrontState = (table: OpenTable): CloudFrontState => ({
  distributions: table<DistributionRow>("distributions"),
  accessControls: table<AccessControlRow>("access-controls"),
  invalidations: table<InvalidationRow>("invalidations"),
});

export type CloudFrontCall = Call<CloudFrontState>;
export type Op<Name extends keyof Operations<typeof sdk, CloudFrontState>> = OperationOf<
  typeof sdk,
  CloudFrontState,
  Name
>;

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** Creates an id such as `E2QWRUHAPOMQZL`: an E and 13 letters or digits. */
export const newId = (first = "E"): string =>
  first + [...randomBytes(13)].map((byte) => letters[byte % letters.length]).join("");

export const distributionArn = ({ account }: Pick<CloudFrontCall, "account">, id = "*"): string =>
  `arn:aws:cloudfront::${account}:distribution/${id}`;
export const accessControlArn = ({ account }: Pick<CloudFrontCall, "account">, id = "*"): string =>
  `arn:aws:cloudfront::${account}:origin-access-control/${id}`;

export function findDistribution({ state }: CloudFrontCall, id = ""): DistributionRow {
  const found = state.distributions.get(id);
  if (found !== undefined) return found;
  throw new AwsError("NoSuchDistribution", "The specified distribution does not exist.", 404);
}

export function findAccessControl({ state }: CloudFrontCall, id = ""): AccessControlRow {
  const found = state.accessControls.get(id);
  if (found !== undefined) return found;
  throw new AwsError("NoSuchOriginAccessControl", "The specified origin access control does not exist.", 404);
}

/**
 * Checks the ETag of a change: `If-Match` must name the current version (CloudFront API Reference,
 * UpdateDistribution).
 */
export function checkEtag(row: { readonly etag: string }, given: string | undefined): void {
  if (given === undefined)
    throw new AwsError(
      "InvalidIfMatchVersion",
      "The If-Match version is missing or not valid for the resource.",
      400,
    );
  if (given !== row.etag)
    throw new AwsError(
      "PreconditionFailed",
      "The request failed because it didn't meet the preconditions in one or more request-header fields.",
      412,
    );
}
