/** Computes the context of the rules in an environment: the trusted accounts and the severities. */
import type { RuleContext } from "#release/rules/findings.ts";
import { severitiesFor } from "#release/rules/rule-settings.ts";
import type { Anchor, Environment, Estate } from "./estate.ts";

export const ruleContextOf = (
  { organization }: Pick<Estate, "organization">,
  anchor: Pick<Anchor, "account" | "environments">,
  environment: Environment,
): RuleContext => ({
  environment: environment.name,
  account: environment.account,
  region: environment.region,
  circle: {
    accounts: trustedAccounts(anchor, environment),
    ...(organization !== undefined && { organization }),
  },
  severities: severitiesFor(environment),
});

/** The anchor's accounts. An environment of a tenant does not trust the accounts of other tenants. */
function trustedAccounts(
  { account, environments }: Pick<Anchor, "account" | "environments">,
  own: Environment,
): readonly string[] {
  const near = environments.filter(
    ({ tenant }) => own.tenant === undefined || tenant === undefined || tenant === own.tenant,
  );
  return [...new Set([account, ...near.map((each) => each.account)])].sort();
}
