/** The deps of the template commands. A registry without an estate is wrong usage. */
import { RegistryUnreadable, templateDeps } from "#aws/deps-templates.ts";
import { CommandError } from "#bin/show/outcome.ts";
import { awsConfig } from "./aws-config.ts";

export const central = () =>
  templateDeps(awsConfig()).catch((cause: unknown) => {
    throw cause instanceof RegistryUnreadable ? new CommandError(cause.message, undefined, { cause }) : cause;
  });
