/** Turns the value of a property into sightings, for rules that look at settings and not at policies. */
import { hole, type Seen, textOf } from "./reading/seen.ts";
import { propertyValues } from "./reading/values.ts";
import type { RuleInput, Sighting } from "./rule.ts";

/** A value that is not known counts as a broken rule. */
export function settingSightings(
  { resource, scope }: RuleInput,
  property: string,
  breaks: (text: string) => boolean,
  seen: string,
): readonly Sighting[] {
  return propertyValues(resource.properties, property, scope)
    .filter((each) => textOf(each) === hole || breaks(textOf(each)))
    .map((each) => ({ property, seen, ...undecided(each) }));
}

function undecided(seen: Seen): Pick<Sighting, "undecided"> {
  const why = textOf(seen) === hole ? (seen.doubt ?? { why: "its value is no text" }) : seen.maybe;
  return why === undefined ? {} : { undecided: why };
}
