/** Reads from an error of S3 the region that the bucket is in, when the request went to another region. */

/** S3 names the region in the header or, for a signature of another region, in the error's body (S3 API Reference, "Error responses"). */
const names = ["PermanentRedirect", "AuthorizationHeaderMalformed", "301"];

type RegionError = Error & {
  readonly Region?: string;
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
};

export function bucketRegionOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !names.includes(error.name)) return undefined;
  const { Region, $response } = error as RegionError;
  return Region ?? $response?.headers?.["x-amz-bucket-region"];
}
