/**
 * Gives all clients of a command one session. Each client of the SDK finds credentials by itself, so for a profile with
 * `role_arn` and no `role_session_name` each one assumes the role under another generated session name. The signature
 * of an estate has the session's name in its key, and S3 compares it with the name in the session of its own client.
 */
import { STSClient } from "@aws-sdk/client-sts";
import type { OperatorConfig } from "./config.ts";

/** A client keeps the credentials that it found, and finds them when the first call needs them. */
export const inOneSession = (config: OperatorConfig): OperatorConfig => ({
  ...config,
  credentials: new STSClient(config).config.credentials,
});
