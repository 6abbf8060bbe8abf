/** How every AWS client here is made. Where AWS is, and who asks, is the environment's business, unless a test says so. */
import type { S3ClientConfig } from "@aws-sdk/client-s3";

export type AwsConfig = {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
} & Channel;

/** Another way to AWS than the network and its pauses, for a cloud in the same process. Clients in targets take it too. */
export type Channel = {
  readonly requestHandler?: NonNullable<S3ClientConfig["requestHandler"]>;
  readonly retryStrategy?: NonNullable<S3ClientConfig["retryStrategy"]>;
};

/** Data planes answer quickly or not at all. */
export const forData = (config: AwsConfig) => ({ ...config, maxAttempts: 5 });

/** Control planes throttle: their clients slow down by themselves. */
export const forControl = (config: AwsConfig) => ({
  ...config,
  maxAttempts: 8,
  retryMode: "adaptive" as const,
});
