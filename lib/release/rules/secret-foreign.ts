/** Finds secrets that the estate does not give the application. */
import { fitsPatterns } from "#release/names/patterns.ts";
import { knownSegment, type SecretReference, secretReferences } from "./reading/secret-references.ts";
import type { Rule, Sighting } from "./rule.ts";
import type { OwnSecrets } from "./secrets.ts";

const queue = (value: string) => ({
  Key: {
    Type: "AWS::Events::Connection",
    Properties: { AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: "key", ApiKeyValue: value } } },
  },
});

export const secretForeign: Rule = {
  says: "Secrets are the application's own: made by the template, named <app>/…, or listed by the estate.",
  severity: { protected: "refuse", others: "refuse" },
  examples: {
    passes: queue("{{resolve:secretsmanager:app/partner}}"),
    fails: queue("{{resolve:secretsmanager:other/partner}}"),
  },
  find: ({ resource, scope, secrets }) =>
    secretReferences(resource, scope).flatMap((each) => sightingOf(each, secrets)),
};

function sightingOf(reference: SecretReference, secrets: OwnSecrets): readonly Sighting[] {
  const { name, own, property, doubt } = reference;
  if (own || isOwnSecret(name, secrets)) return [];
  const known = knownSegment(name);
  if (known === name) return [{ property, seen: foreign(name, secrets) }];
  if (known.startsWith(`${secrets.app}/`)) return [];
  const undecided = doubt ?? { why: "the name of the secret is known when the stack is deployed" };
  return [{ property, seen: `takes a secret that may not be one of ${secrets.app}`, undecided }];
}

export const foreign = (name: string, { app }: OwnSecrets): string =>
  `takes the secret ${name}, which is not named ${app}/… and which the estate does not list for ${app} (secrets)`;

/** Secrets Manager appends six characters to the name in an ARN. */
export const isOwnSecret = (name: string, { app, listed }: OwnSecrets): boolean =>
  [name, name.replace(/-[A-Za-z0-9]{6}$/, "")].some(
    (each) => each.startsWith(`${app}/`) || fitsPatterns(each, listed),
  );
