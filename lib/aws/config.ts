/** How every AWS client here is made. */
import type { S3ClientConfig } from "@aws-sdk/client-s3";

/** Of a Lambda, or of a test that stands for one. */
export type AwsConfig = {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
} & Channel;

/** Of a person's command: the SDK finds what is not given here as every AWS tool does. */
export type OperatorConfig = {
  readonly region?: string;
  readonly endpoint?: string;
  readonly credentials?: NonNullable<S3ClientConfig["credentials"]>;
} & Channel;

/** Another way to AWS than the network and its pauses, for a cloud in the same process. Clients in targets take it too. */
export type Channel = {
  readonly requestHandler?: NonNullable<S3ClientConfig["requestHandler"]>;
  readonly retryStrategy?: NonNullable<S3ClientConfig["retryStrategy"]>;
};

/** Data planes answer quickly or not at all. */
export const forData = <Config>(config: Config) => ({ ...config, maxAttempts: 5 });

/** Control planes throttle: their clients slow down by themselves. */
export const forControl = <Config>(config: Config) => ({
  ...config,
  maxAttempts: 8,
  retryMode: "adaptive" as const,
});
