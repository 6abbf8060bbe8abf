/**
 * Starts a cloud for one test: port 0, state in memory, clients as any account's administrator or as a
 * role.
 */
import { type CloudOptions, type RunningCloud, startCloud } from "#cloud/cloud.ts";

type Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
};

export type ClientConfig = {
  endpoint: string;
  region: string;
  credentials: Credentials;
  forcePathStyle: boolean;
  maxAttempts: number;
};

export type TestCloud = RunningCloud & {
  /** The SDK client `Client` as the administrator of `account`, or with given credentials. */
  readonly client: <Client>(Client: new (config: ClientConfig) => Client, as: string | Credentials) => Client;
  /** The lines of the cloud's log. */
  readonly logged: readonly string[];
};

/** Use `await using cloud = await testCloud()`: the cloud stops at the end of the test. */
export async function testCloud(options: CloudOptions = {}): Promise<TestCloud> {
  const logged: string[] = [];
  const running = await startCloud({ log: (line) => logged.push(line), ...options });
  return {
    ...running,
    get clock() {
      return running.clock;
    },
    logged,
    client: (Client, as) =>
      new Client({
        endpoint: running.endpoint,
        region: running.region,
        credentials: typeof as === "string" ? { accessKeyId: as, secretAccessKey: "any" } : as,
        forcePathStyle: true,
        maxAttempts: 1,
      }),
  };
}
