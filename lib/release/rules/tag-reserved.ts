/**
 * Finds tags of Kedge in a template. The boundary compares the tag of the application, so a role that gives itself
 * another application's tag would reach that application's resources.
 */
import { isObject, type PlainValue } from "#release/document/template-document.ts";
import type { Scope } from "./reading/scope.ts";
import { hole, type Seen, textOf } from "./reading/seen.ts";
import { itemsOf, valuesOf } from "./reading/values.ts";
import type { Rule, RuleInput, Sighting } from "./rule.ts";

const role = (Key: string) => ({
  Worker: {
    Type: "AWS::IAM::Role",
    Properties: {
      AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [] },
      Tags: [{ Key, Value: "billing" }],
    },
  },
});

export const tagReserved: Rule = {
  says: "Templates set no tag whose name begins with kedge:.",
  severity: { protected: "refuse", others: "refuse" },
  examples: { passes: role("team"), fails: role("kedge:app") },
  find: ({ resource, scope }: RuleInput) =>
    tagLists(resource.properties).flatMap(([property, tags]) => reservedIn(property, tags, scope)),
};

/** The lists and maps of tags below a value, with their paths. A parameter cannot hold one. */
function tagLists(value: PlainValue, path = ""): readonly (readonly [path: string, tags: PlainValue])[] {
  if (Array.isArray(value))
    return (value as readonly PlainValue[]).flatMap((item, at) => tagLists(item, `${path}.${at}`));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const below = path === "" ? name : `${path}.${name}`;
    return [...(/tags$/i.test(name) ? [[below, inner] as const] : []), ...tagLists(inner, below)];
  });
}

const reserved = "kedge:";

const reservedIn = (property: string, tags: PlainValue, scope: Scope): readonly Sighting[] =>
  itemsOf(tags, scope)
    .flatMap((item) => namesIn(item, scope))
    .filter(mayBeReserved)
    .map((seen) => {
      const undecided = seen.doubt ?? seen.maybe;
      return { property, seen: "sets a tag of Kedge", ...(undecided && { undecided }) };
    });

/** IAM compares the names of tags without regard to case. A name that is not known may be reserved. */
function mayBeReserved(seen: Seen): boolean {
  const [begin = "", ...rest] = textOf(seen).toLowerCase().split(hole);
  return begin.startsWith(reserved) || (rest.length > 0 && reserved.startsWith(begin));
}

/** `{ Key, Value }`, or a map of tags. */
function namesIn(item: Seen, scope: Scope): readonly Seen[] {
  if (!isObject(item.value)) return item.doubt === undefined ? [] : [item];
  const key = Object.keys(item.value).find((name) => name.toLowerCase() === "key");
  return key === undefined
    ? Object.keys(item.value).map((name): Seen => ({ ...item, value: name }))
    : valuesOf(item.value[key], scope);
}
