/** Creates the logger of a Lambda. Its JSON entries all carry the line, the version and the execution. */
import { Logger } from "@aws-lambda-powertools/logger";
import type { Release } from "#release/plan/release.ts";

type About = {
  readonly line?: unknown;
  readonly version?: string | undefined;
  readonly execution?: string | undefined;
};

/** The anchor stack sets the service's name in the environment. */
export const createLogger = (): Logger => new Logger();

/** Adds these keys to every later entry, until the next call. */
export const about = (logger: Logger, { line, version, execution }: About): void =>
  logger.appendKeys({ line, version, execution });

/** For pipeline actions, whose input names the line, the version and the execution. */
export const aboutRelease =
  (logger: Logger, { execution }: { readonly execution: string }) =>
  ({ line, artifact }: Release): void =>
    about(logger, { line, version: artifact.versionId, execution });
