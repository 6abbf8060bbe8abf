/** Turns the admissions of a resource's policies into sightings, one for each principal. */
import { type Admission, admissionsOf } from "./reading/admissions.ts";
import { resourcePoliciesOf, trustPoliciesOf } from "./reading/policies.ts";
import type { Look, Sighting } from "./rule.ts";

type Says = (admission: Admission) => string | undefined;

/** `says` ends the sentence "<resource> …", or is undefined for an admission that the rule accepts. */
export const trustSightings = (look: Look, says: Says): readonly Sighting[] =>
  sightings(look, trustPoliciesOf(look.resource, look.scope), says);

export const policySightings = (look: Look, says: Says): readonly Sighting[] =>
  sightings(look, resourcePoliciesOf(look.resource, look.scope), says);

function sightings(
  { scope, circle }: Look,
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
