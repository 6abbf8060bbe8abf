/**
 * The traits of an artifact in normalised form: the requested release template, the eligible environments,
 * and the values for each environment. Traits can only narrow the estate's permissions.
 */

import type { PlainObject } from "#release/document/template-document.ts";

/** `name` is a release template's; `range` a constraint on its version as npm writes them, e.g. `^1.2`. */
export type TemplateRequest = { readonly name: string; readonly range?: string };

/** An environment has to match every given list. An excluded environment is out even if all lists match. */
export type EligibilityRule = {
  readonly environments?: readonly string[];
  readonly exclude?: readonly string[];
  readonly regions?: readonly string[];
  readonly clusters?: readonly string[];
  readonly tenants?: readonly string[];
  readonly units?: readonly string[];
  readonly tags?: Readonly<Record<string, readonly string[]>>;
};

/**
 * The window in which releases may enter an environment: a cron expression of CodePipeline's DeploymentWindow
 * rule, and its time zone.
 */
export type DeploymentWindow = { readonly cron: string; readonly timeZone: string };

export const strategyTypes = ["all-at-once", "rolling", "blue-green", "canary", "linear"] as const;

/**
 * The way in which traffic moves to a new version. Each release template has its own types and its own
 * default.
 */
export type Strategy = {
  readonly type: (typeof strategyTypes)[number];
  /** Percent of each step, ascending. */
  readonly steps?: readonly number[];
  /** Minutes between steps, or until the old side goes. */
  readonly minutes?: number;
  /** Names of CloudWatch alarms in the target account that call it off. */
  readonly alarms?: readonly string[];
};

/** Migrations of a database, run by a function of the target account before the application is changed. */
type MigrationTraits = {
  /** In the artifact; the same for all environments. */
  readonly folder?: string;
  readonly function?: string;
  /** Late migrations run, too, although newer ones have already run. */
  readonly outOfOrder?: boolean;
};

export type EnvironmentTraits = {
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly strategy?: Strategy;
  readonly window?: DeploymentWindow;
  readonly migrations?: MigrationTraits;
  /** Overrides of `settings`. */
  readonly settings: PlainObject;
};

export type Traits = {
  /** The files it was read from. */
  readonly sources: readonly string[];
  readonly family?: string;
  /** The pipeline type: a release template's name, or one the estate has for one. */
  readonly type?: string;
  readonly template?: TemplateRequest;
  /** Of the release template; it checks them. */
  readonly settings: PlainObject;
  readonly eligibility: EligibilityRule;
  /** For every environment; one of its own wins. */
  readonly everywhere: EnvironmentTraits;
  readonly byEnvironment: Readonly<Record<string, EnvironmentTraits>>;
  /** Names in the target's parameter store, and the stack outputs published there. */
  readonly publish: Readonly<Record<string, string>>;
};

const nothing: EnvironmentTraits = { parameters: {}, tags: {}, settings: {} };

export const noTraits: Traits = {
  sources: [],
  settings: {},
  eligibility: {},
  everywhere: nothing,
  byEnvironment: {},
  publish: {},
};

/** Merges the values for one environment: values for all environments first, then those of its own name. */
export function traitsFor(
  traits: Traits,
  { names }: { readonly names: readonly string[] },
): EnvironmentTraits {
  const { everywhere } = traits;
  const said = [everywhere, ...names.flatMap((name) => traits.byEnvironment[name] ?? [])];
  const merged = <Of extends "parameters" | "tags" | "settings">(field: Of): EnvironmentTraits[Of] =>
    Object.assign({}, ...said.map((each) => each[field])) as EnvironmentTraits[Of];
  const migrations = said.flatMap((each) => each.migrations ?? []);
  return {
    ...(Object.assign({}, ...said) as EnvironmentTraits),
    ...(migrations.length > 0 && { migrations: Object.assign({}, ...migrations) as MigrationTraits }),
    parameters: merged("parameters"),
    tags: merged("tags"),
    settings: { ...traits.settings, ...merged("settings") },
  };
}
