/**
 * Builds the environment of a build's processes: their own folder, the role's credentials and the cloud's
 * endpoint.
 */
import { delimiter, dirname } from "node:path";
import type { Credentials } from "#cloud/kernel/cloud-type.ts";
import type { Environment } from "./shell.ts";

/**
 * The machine's PATH is the only variable that passes on, so that programs are found where this machine has
 * them.
 */
const programPath = (): string =>
  // biome-ignore lint/style/noProcessEnv: only the machine itself knows where its programs are.
  [process.env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin", dirname(process.execPath)].join(delimiter);

export const baseEnvironment = (options: {
  readonly home: string;
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: Credentials;
}): Environment => ({
  PATH: programPath(),
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
