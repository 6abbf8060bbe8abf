/** Computes the context of the rules in an environment: the trusted accounts and the severities. */
import type { Line } from "#release/names/key.ts";
import type { RuleContext } from "#release/rules/findings.ts";
import { severitiesFor } from "#release/rules/rule-settings.ts";
import { ownSecrets } from "#release/rules/secrets.ts";
import type { Anchor, Environment, Estate } from "./estate.ts";

export const ruleContextOf = (
  { organization }: Pick<Estate, "organization">,
  anchor: Pick<Anchor, "account" | "environments">,
  environment: Environment,
  { app }: Pick<Line, "app">,
): RuleContext => ({
  environment: environment.name,
  account: environment.account,
  region: environment.region,
  circle: {
    accounts: trustedAccounts(anchor, environment),
    ...(organization !== undefined && { organization }),
  },
  secrets: ownSecrets(app, environment.secrets),
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
