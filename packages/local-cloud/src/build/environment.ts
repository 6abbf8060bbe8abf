/**
 * Builds the environment of a build's processes: their own folder, the role's credentials and the cloud's
 * endpoint.
 */
import type { Credentials } from "#cloud/kernel/cloud-type.ts";
import { containment } from "#cloud/sandbox/containment.ts";
import type { Environment } from "./shell.ts";

export const baseEnvironment = async (options: {
  readonly home: string;
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: Credentials;
}): Promise<Environment> => ({
  // The machine's PATH is the only variable that passes on, so that programs are found where this machine has them.
  PATH: (await containment()).programs.path,
  HOME: options.home,
  TMPDIR: options.home,
  LANG: "C.UTF-8",
  AWS_REGION: options.region,
  AWS_DEFAULT_REGION: options.region,
  AWS_ENDPOINT_URL: options.endpoint,
  AWS_ACCESS_KEY_ID: options.credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: options.credentials.secretAccessKey,
  AWS_SESSION_TOKEN: options.credentials.sessionToken,
});
