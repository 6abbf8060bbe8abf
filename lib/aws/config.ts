/** Configures the AWS clients of all adapters. */
import type { S3ClientConfig } from "@aws-sdk/client-s3";

/** The settings of a Lambda, or of a test that replaces one. */
export type AwsConfig = {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
} & Channel;

/** The settings of a person's command. The SDK finds all other settings, as every AWS tool does. */
export type OperatorConfig = {
  readonly region?: string;
  readonly endpoint?: string;
  readonly credentials?: NonNullable<S3ClientConfig["credentials"]>;
} & Channel;

/** Replaces the network and its pauses, for a cloud in the same process. Clients in targets use it too. */
export type Channel = {
  readonly requestHandler?: NonNullable<S3ClientConfig["requestHandler"]>;
  readonly retryStrategy?: NonNullable<S3ClientConfig["retryStrategy"]>;
  readonly protocol?: NonNullable<S3ClientConfig["protocol"]>;
  readonly signer?: NonNullable<S3ClientConfig["signer"]>;
};

/** Data planes answer quickly or fail. */
export const forData = <Config>(config: Config) => ({ ...config, maxAttempts: 5 });

/** Control planes throttle, so their clients adapt their rate. */
export const forControl = <Config>(config: Config) => ({
  ...config,
  maxAttempts: 8,
  retryMode: "adaptive" as const,
});
