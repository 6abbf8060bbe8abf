/** Turns the admissions of a resource's policies into sightings, one for each principal. */
import { type Admission, admissionsOf } from "./reading/admissions.ts";
import { resourcePoliciesOf, trustPoliciesOf } from "./reading/policies.ts";
import { opensApi } from "./reading/policy-properties.ts";
import type { RuleInput, Sighting } from "./rule.ts";

type Says = (admission: Admission) => string | undefined;

/** `says` ends the sentence "<resource> …", or is undefined for an admission that the rule accepts. */
export const trustSightings = (input: RuleInput, says: Says): readonly Sighting[] =>
  sightings(input, trustPoliciesOf(input.resource, input.scope), says);

/** An anonymous principal in the policy of an API is a matter of `api-open`. */
export const policySightings = (input: RuleInput, says: Says): readonly Sighting[] =>
  sightings(input, resourcePoliciesOf(input.resource, input.scope), (admission) =>
    admission.who === "anonymous" && opensApi(input.resource.type) ? undefined : says(admission),
  );

export const apiPolicySightings = (input: RuleInput, says: Says): readonly Sighting[] =>
  opensApi(input.resource.type)
    ? sightings(input, resourcePoliciesOf(input.resource, input.scope), says)
    : [];

function sightings(
  { scope, circle }: RuleInput,
  policies: ReturnType<typeof trustPoliciesOf>,
  says: Says,
): readonly Sighting[] {
  return policies.flatMap(({ property, policy }) =>
    admissionsOf(policy, scope, circle).flatMap((admission): Sighting[] => {
      const seen = says(admission);
      const { undecided } = admission;
      return seen === undefined ? [] : [{ property, seen, ...(undecided && { undecided }) }];
    }),
  );
}

/** Actions that take nothing away and change nothing. */
const reading =
  /^(s3:(get|list)[a-z*]*|ecr:(batchgetimage|getdownloadurlforlayer|batchchecklayeravailability|describe[a-z*]*)|lambda:getlayerversion[a-z*]*|dynamodb:(getitem|query|scan|batchgetitem))$/i;

export const onlyReads = ({ actions }: Admission): boolean =>
  actions.length > 0 && actions.every((action) => reading.test(action));
