/** The identity house as the kernel takes it: who holds a key, and what a principal may do. */
import type { Authorizer } from "#cloud/kernel/access.ts";
import { isAwsError } from "#cloud/kernel/aws-error.ts";
import type { Identities } from "#cloud/kernel/identity.ts";
import { createAuthorizer, type Parse } from "./authorizer.ts";
import type { Directory } from "./directory.ts";
import { createIdentities } from "./identities.ts";
import { ORGANIZATION_HOME } from "./organization-state.ts";

/** `read` gives a service's state in an account; it refuses a service this cloud runs without. */
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
