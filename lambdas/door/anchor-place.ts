/** Where an anchor's Lambda is, from its environment. */
import type { AnchorPlace } from "#aws/world.ts";
import { environment } from "./environment.ts";

export function anchorPlace(): { readonly region: string; readonly place: AnchorPlace } {
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
    place: {
      account: env.ANCHOR_ACCOUNT,
      artifactBucket: env.ARTIFACT_BUCKET,
      registryBucket: env.REGISTRY_BUCKET,
      cacheBucket: env.CACHE_BUCKET,
      cacheKeyArn: env.CACHE_KEY_ARN,
    },
  };
}
