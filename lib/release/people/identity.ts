/**
 * Reads the principal that AWS recorded for a call. S3's notifications name a role by its unique id, and
 * CodePipeline and STS name it by its ARN. A session name proves a person only where the trust of the role pins it
 * (docs/decisions/31-recorded-identities.md).
 */

export type Identity = {
  readonly kind: "session" | "user" | "account" | "service";
  /** Of the principal, where AWS tells it. */
  readonly account?: string;
  /** Of a session: the role's unique id (`AROA…`) or its name. */
  readonly role?: string;
  /** The session name, the user, the account or the service. */
  readonly name: string;
};

/**
 * Reads a principal id: `AWS:AROA…:session` and `AWS:AIDA…` in S3's notifications (S3 User Guide, "Event message
 * structure"), the same without `AWS:` from STS. Undefined for an anonymous caller.
 */
export function identityOfPrincipalId(principalId: string): Identity | undefined {
  const id = principalId.replace(/^AWS:/, "");
  if (id === "" || id === "Anonymous") return undefined;
  const [unique = "", ...session] = id.split(":");
  if (session.length > 0) return { kind: "session", role: unique, name: session.join(":") };
  if (/^AIDA/.test(id)) return { kind: "user", name: id };
  return /^\d{12}$/.test(id) ? { kind: "account", account: id, name: id } : { kind: "service", name: id };
}

/** Reads the ARN of a caller, such as CodePipeline keeps with a decision. Undefined for any other text. */
export function identityOfArn(arn: string): Identity | undefined {
  const [, , service = "", , account = "", ...resource] = arn.split(":");
  if (!/^\d{12}$/.test(account)) return undefined;
  const [type, ...path] = resource.join(":").split("/");
  if (service === "sts" && type === "assumed-role" && path.length > 1) {
    return { kind: "session", account, role: path[0] ?? "", name: path.slice(1).join("/") };
  }
  if (service === "iam" && type === "user") return { kind: "user", account, name: path.at(-1) ?? "" };
  return service === "iam" && type === "root" ? { kind: "account", account, name: account } : undefined;
}
