/**
 * Finds statements that admit principals in any property of any type, so that a policy in a property that the table
 * does not know is judged as well: a new type, a custom resource, the body of an API.
 */
import { isObject, type PlainObject, type PlainValue } from "#release/document/template-document.ts";
import { jsonIn } from "./json-text.ts";
import { takesNoPrincipal } from "./policy-properties.ts";
import type { Scope } from "./scope.ts";
import { hole, type Seen, textOf } from "./seen.ts";
import { valuesOf } from "./values.ts";

export type FoundPolicy = { readonly property: string; readonly policy: Seen };

/** `known`: paths of the properties that the table names. They are judged by the table. */
export function writtenPolicies(
  { type, properties }: { readonly type: string; readonly properties: PlainObject },
  scope: Scope,
  known: readonly string[],
): readonly FoundPolicy[] {
  if (takesNoPrincipal(type)) return [];
  return Object.entries(properties)
    .flatMap(([name, value]) => [...unreadPolicy(type, name, value, scope), ...within(value, name, scope)])
    .filter(({ property }) => !known.some((path) => isBelow(property, path)));
}

const isBelow = (property: string, path: string): boolean => {
  const steps = property.split(".");
  return path.split(".").every((step, at) => step === "*" || step === steps[at]);
};

/** A property of an unknown type that is named like a policy, and whose value only the account knows. */
function unreadPolicy(type: string, name: string, value: PlainValue, scope: Scope): readonly FoundPolicy[] {
  if (!/^(Resource|Access)?Policy(Document|Text)?$/.test(name) || !/^AWS::/.test(type)) return [];
  return valuesOf(value, scope).flatMap((seen) =>
    textOf(seen) === hole && seen.doubt !== undefined ? [{ property: name, policy: seen }] : [],
  );
}

function within(expression: PlainValue, property: string, scope: Scope): readonly FoundPolicy[] {
  return valuesOf(expression, scope).flatMap((seen) =>
    below(seen, property, scope).map(({ policy, ...found }) => ({
      ...found,
      policy: seen.maybe === undefined ? policy : { maybe: seen.maybe, ...policy },
    })),
  );
}

function below(seen: Seen, property: string, scope: Scope): readonly FoundPolicy[] {
  const { value } = seen;
  if (typeof value === "string") return inText(seen, property, scope);
  if (Array.isArray(value))
    return (value as readonly PlainValue[]).flatMap((item, at) => within(item, `${property}.${at}`, scope));
  if (!isObject(value)) return [];
  if (isStatement(value)) return [{ property, policy: seen }];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === "AwsAccountWhitelist"
      ? [{ property, policy: { value: admitting(inner) } }]
      : within(inner, `${property}.${name}`, scope),
  );
}

const isStatement = (value: PlainObject): boolean =>
  ["Principal", "NotPrincipal"].some((name) => name in value) &&
  ["Action", "NotAction"].some((name) => name in value) &&
  "Effect" in value;

/** SAM makes a policy of an API from a list of accounts. */
const admitting = (accounts: PlainValue): PlainObject => ({
  Effect: "Allow",
  Principal: { AWS: accounts },
  Action: "execute-api:Invoke",
});

/** A text that holds a policy as JSON. */
function inText(seen: Seen, property: string, scope: Scope): readonly FoundPolicy[] {
  const text = textOf(seen);
  if (!/"(Not)?Principal"/.test(text) || !/"Effect"/.test(text)) return [];
  const policy = jsonIn(text);
  if (policy !== undefined) return within(policy, property, scope);
  const doubt = seen.doubt ?? { why: "the text of the policy is no JSON, or nests too deeply" };
  return [{ property, policy: { value: hole, doubt } }];
}
