/** The secrets that an application may use in an environment. */
import { fitsPatterns } from "#release/names/patterns.ts";

export type OwnSecrets = {
  /** Names below `<app>/` are the application's own. */
  readonly app: string;
  /** Patterns of further names, which the estate lists for the application. */
  readonly listed: readonly string[];
};

/** `listed`: the applications, or patterns of them, by the pattern of a secret's name. */
export const ownSecrets = (
  app: string,
  listed: Readonly<Record<string, readonly string[]>> = {},
): OwnSecrets => ({
  app,
  listed: Object.entries(listed).flatMap(([name, apps]) =>
    fitsPatterns(app, apps) ? [name.replace(/^\//, "")] : [],
  ),
});
