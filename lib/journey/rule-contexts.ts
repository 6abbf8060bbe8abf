/** The environments of a release as the rules see them. */
import type { Estate } from "#release/estate/estate.ts";
import { ruleContextOf } from "#release/estate/estate-rules.ts";
import type { Release } from "#release/plan/release.ts";
import type { RuleContext } from "#release/rules/findings.ts";
import { severitiesFor } from "#release/rules/rule-settings.ts";
import { ownSecrets } from "#release/rules/secrets.ts";
import { anchorOf, type Target } from "#release/traits/targets.ts";

type Reach = Pick<Release, "line" | "targets">;

/** One for each target. */
export function ruleContexts(estate: Estate, release: Reach): readonly RuleContext[] {
  const anchor = anchorOf(estate, release.line);
  return release.targets.map((target) => {
    const found = anchor.environments.find(({ name }) => name === target.environment);
    return found === undefined
      ? plainContext(release, target)
      : ruleContextOf(estate, anchor, found, release.line);
  });
}

/** Without the estate the rules have their own severities, and no organization is trusted. */
export const plainContext = ({ line, targets }: Reach, target: Target): RuleContext => ({
  environment: target.environment,
  account: target.account,
  region: target.region,
  circle: { accounts: [line.account, ...targets.map(({ account }) => account)] },
  secrets: ownSecrets(line.app),
  severities: severitiesFor(target),
});
