/** The environment variables that the Lambdas read. Loading a Lambda makes its clients, but makes no call. */

export const lambdaEnvironment = {
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
  AWS_SECRET_ACCESS_KEY: "none",
  POWERTOOLS_SERVICE_NAME: "bench",
  ANCHOR_ACCOUNT: "111111111111",
  CENTRAL_ACCOUNT: "101010101010",
  ARTIFACT_BUCKET: "kedge-artifacts-101010101010-us-east-1",
  REGISTRY_BUCKET: "kedge-registry-101010101010-us-east-1",
  CACHE_BUCKET: "kedge-cache-111111111111-us-east-1",
  CACHE_KEY_ARN: "arn:aws:kms:us-east-1:111111111111:key/00000000-0000-0000-0000-000000000000",
} as const;
