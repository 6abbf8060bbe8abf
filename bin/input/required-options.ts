/** Checks the options that a command cannot do without. Commander would name only the first that is missing. */
import { CommandError } from "#bin/show/outcome.ts";

type Needed<Name extends string> = {
  readonly options: Readonly<Record<Name, string | undefined>>;
  /** The purpose of each option. */
  readonly hints: Readonly<Record<Name, string>>;
  /** The first words of the error. @example "Not published" */
  readonly outcome: string;
};

/** Answers the options. Throws a `CommandError` that names every missing one, before the first call of AWS. */
export function requireOptions<Name extends string>({
  options,
  hints,
  outcome,
}: Needed<Name>): Readonly<Record<Name, string>> {
  const names = Object.keys(options) as Name[];
  const missing = names.filter((name) => !options[name]?.trim());
  if (missing.length === 0) return options as Readonly<Record<Name, string>>;
  const list = missing.map((name) => `--${name} (${hints[name]})`).join(" and ");
  throw new CommandError(`${outcome}: pass ${list}.`);
}
