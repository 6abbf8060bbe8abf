/** The AWS settings of a command. The SDK finds credentials, region and endpoint as every AWS tool does. */
import type { OperatorConfig } from "#aws/config.ts";
import { inOneSession } from "#aws/one-session.ts";

export const awsConfig = (): OperatorConfig => inOneSession({});
