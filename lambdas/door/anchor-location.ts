/** Reads the account, the region and the resources of a Lambda's anchor from the environment. */
import type { AnchorLocation } from "#aws/deps-lambdas.ts";
import { environment } from "./environment.ts";

export function anchorLocation(): { readonly region: string; readonly location: AnchorLocation } {
  const env = environment(
    "AWS_REGION",
    "ANCHOR_ACCOUNT",
    "ARTIFACT_BUCKET",
    "REGISTRY_BUCKET",
    "CACHE_BUCKET",
    "CACHE_KEY_ARN",
  );
  return {
    region: env.AWS_REGION,
    location: {
      account: env.ANCHOR_ACCOUNT,
      artifactBucket: env.ARTIFACT_BUCKET,
      registryBucket: env.REGISTRY_BUCKET,
      cacheBucket: env.CACHE_BUCKET,
      cacheKeyArn: env.CACHE_KEY_ARN,
    },
  };
}
