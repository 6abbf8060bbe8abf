/**
 * Compares two principals of trust policies as IAM does: can one caller be both? The same principal may be written in
 * several forms (IAM User Guide, "AWS JSON policy elements: Principal").
 */

type Named =
  | { readonly kind: "everyone" }
  | { readonly kind: "account"; readonly account: string }
  | { readonly kind: "role" | "user" | "other"; readonly account: string; readonly name: string };

export function mayBeOneCaller(one: string, other: string): boolean {
  const [a, b] = [principalOf(one), principalOf(other)];
  if (a.kind === "everyone" || b.kind === "everyone") return true;
  if (a.account !== b.account) return false;
  // An account stands for every principal of the account whose own policies allow the call.
  if (a.kind === "account" || b.kind === "account") return true;
  return a.kind === b.kind && a.name === b.name;
}

/**
 * A session belongs to its role, and its ARN lacks the role's path. An account has no two roles whose names differ only in
 * path or case (IAM User Guide, "IAM and AWS STS quotas"), so the name alone is compared.
 */
function principalOf(written: string): Named {
  if (written === "*") return { kind: "everyone" };
  if (/^\d{12}$/.test(written)) return { kind: "account", account: written };
  const [, , service = "", , account = "", resource = ""] = written.split(":");
  const [type = "", ...path] = resource.split("/");
  if (resource === "root") return { kind: "account", account };
  if (service === "sts" && type === "assumed-role") return named("role", account, path[0]);
  if (service === "iam" && (type === "role" || type === "user")) return named(type, account, path.at(-1));
  return { kind: "other", account, name: resource };
}

const named = (kind: "role" | "user", account: string, name = ""): Named => ({
  kind,
  account,
  name: name.toLowerCase(),
});
