/**
 * Reads the policies that IAM holds for a role or a user: inline policies, managed policies and the
 * boundary.
 */
import type { NamedPolicy } from "./evaluate.ts";
import type { Entity, IamState } from "./iam-state.ts";
import { managedPolicy } from "./managed-policies.ts";
import type { PolicyDocument } from "./policy-document.ts";

type Parse = (text: string) => PolicyDocument;

export function identityPolicies(entity: Entity, state: IamState, parse: Parse): readonly NamedPolicy[] {
  const inline = Object.entries(entity.inline).map(([name, text]) => ({ name, document: parse(text) }));
  const managed = entity.attached.flatMap((arn) => {
    const text = managedDocument(arn, state);
    return text === undefined ? [] : [{ name: arn, document: parse(text) }];
  });
  return [...inline, ...managed];
}

/** A boundary whose policy no longer exists allows no action. */
export function boundaryPolicy(entity: Entity, state: IamState, parse: Parse): NamedPolicy | undefined {
  if (entity.boundary === undefined) return undefined;
  const text = managedDocument(entity.boundary, state);
  return { name: entity.boundary, document: text === undefined ? { statements: [] } : parse(text) };
}

/** Returns the default version of a managed policy, either AWS's own or the account's. */
export function managedDocument(arn: string, state: IamState): string | undefined {
  const own = state.policies.get(arn);
  if (own === undefined) return managedPolicy(arn)?.document;
  return own.versions.find(({ id }) => id === own.defaultVersion)?.document;
}
