/**
 * Gives the kernel its two questions about identity: the owner of an access key, and the rights of a
 * principal.
 */
import type { Authorizer } from "#cloud/kernel/access.ts";
import { isAwsError } from "#cloud/kernel/aws-error.ts";
import type { Identities } from "#cloud/kernel/identity.ts";
import { createAuthorizer, type Parse } from "./authorizer.ts";
import type { Directory } from "./directory.ts";
import { createIdentities } from "./identities.ts";
import { ORGANIZATION_HOME } from "./organization-state.ts";

/** `read` returns a service's state in an account. It throws for a service that this cloud runs without. */
export function createIdentityProvider(
  read: <State>(service: string, account: string, region?: string) => State,
  parse?: Parse,
): { readonly authorize: Authorizer; readonly identities: Identities } {
  const absent = new Set<string>();
  const find = <State>(service: string, account: string): State | undefined => {
    if (absent.has(service)) return undefined;
    try {
      return read<State>(service, account);
    } catch (error) {
      if (!isAwsError(error)) throw error;
      absent.add(service);
      return undefined;
    }
  };
  const directory: Directory = {
    iam: (account) => find("iam", account),
    sts: (account) => find("sts", account),
    organization: () => find("organizations", ORGANIZATION_HOME),
  };
  return { authorize: createAuthorizer(directory, parse), identities: createIdentities(directory) };
}
