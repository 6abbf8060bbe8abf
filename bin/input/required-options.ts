/** Checks the options that a command cannot do without. Commander would name only the first that is missing. */
import { CommandError } from "#bin/show/outcome.ts";

/** Answers the options. Throws a `CommandError` that names every missing one. */
export function requireOptions<Name extends string>(
  options: Readonly<Record<Name, string | undefined>>,
): Readonly<Record<Name, string>> {
  const names = Object.keys(options) as Name[];
  const missing = names.filter((name) => !options[name]?.trim());
  if (missing.length === 0) return options as Readonly<Record<Name, string>>;
  throw new CommandError(`Pass ${missing.map((name) => `--${name}`).join(" and ")} (see --help).`);
}
