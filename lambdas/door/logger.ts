/** The log of one Lambda: JSON entries that all say which line, version and execution they are about. */
import { Logger } from "@aws-lambda-powertools/logger";
import type { Release } from "#release/plan/release.ts";

type About = {
  readonly line?: unknown;
  readonly version?: string | undefined;
  readonly execution?: string | undefined;
};

/** The service's name is in the environment, where the stack has put it. */
export const createLogger = (): Logger => new Logger();

/** Until it is said again, every entry is about this. */
export const about = (logger: Logger, { line, version, execution }: About): void =>
  logger.appendKeys({ line, version, execution });

/** For actions of a pipeline, which learn from their input what they work on. */
export const aboutRelease =
  (logger: Logger, { execution }: { readonly execution: string }) =>
  ({ line, artifact }: Release): void =>
    about(logger, { line, version: artifact.versionId, execution });
