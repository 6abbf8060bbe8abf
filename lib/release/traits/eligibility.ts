/**
 * Evaluates the eligibility rules of traits for an environment. Every rule has to hold, and each gives its
 * reason. Traits can only remove environments; the estate decides which environments a line may reach.
 */
import type { Environment } from "#release/estate/estate.ts";
import { fitsPatterns } from "#release/names/patterns.ts";
import type { EligibilityRule } from "./traits.ts";

type Judgement = {
  readonly eligible: boolean;
  /** One sentence for each rule. */
  readonly reasons: readonly string[];
};

type Ruling = { readonly holds: boolean; readonly reason: string };

/** The attributes that rules test. The tag `cluster` lists an environment's clusters, separated by commas. */
type Judged = Pick<Environment, "names" | "region" | "tenant" | "unit" | "tags">;

const clusterTag = "cluster";

export function judge(rule: EligibilityRule, environment: Judged): Judgement {
  const rulings = [...rulingsOn(rule, environment)];
  return { eligible: rulings.every(({ holds }) => holds), reasons: rulings.map(({ reason }) => reason) };
}

function* rulingsOn(rule: EligibilityRule, environment: Judged): Generator<Ruling> {
  const { names, region, tenant, unit, tags } = environment;
  yield* wanted("environments", rule.environments, names);
  yield* unwanted(rule.exclude, names);
  yield* wanted("regions", rule.regions, [region]);
  yield* wanted("clusters", rule.clusters, listed(tags[clusterTag]));
  yield* wanted("tenants", rule.tenants, tenant === undefined ? [] : [tenant]);
  yield* wanted("units", rule.units, unit === undefined ? [] : [unit]);
  for (const [tag, values] of Object.entries(rule.tags ?? {})) {
    const value = tags[tag];
    yield* wanted(`tags.${tag}`, values, value === undefined ? [] : [value]);
  }
}

function* wanted(
  what: string,
  patterns: readonly string[] | undefined,
  seen: readonly string[],
): Generator<Ruling> {
  if (patterns === undefined) return;
  const fitting = seen.find((value) => fitsPatterns(value, patterns));
  if (fitting !== undefined) yield { holds: true, reason: `The traits' ${what} have ${fitting}.` };
  else {
    const has = seen.length === 0 ? "it has none" : `it has ${seen.join(", ")}`;
    yield { holds: false, reason: `The traits' ${what} are ${patterns.join(", ")}; ${has}.` };
  }
}

function* unwanted(patterns: readonly string[] | undefined, names: readonly string[]): Generator<Ruling> {
  const fitting = names.find((name) => fitsPatterns(name, patterns ?? []));
  if (fitting !== undefined) yield { holds: false, reason: `The traits exclude ${fitting}.` };
}

const listed = (text: string | undefined): readonly string[] =>
  (text ?? "").split(",").flatMap((item) => (item.trim() === "" ? [] : [item.trim()]));
