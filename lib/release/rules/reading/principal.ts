/** Classifies the principal of a policy: inside the circle, a service, anonymous, or outside. */
import type { Circle } from "#release/rules/rule.ts";
import { hole, type Seen, textOf } from "./seen.ts";

export type Who = "inside" | "service" | "anonymous" | "outside" | "federated" | "undecided";

const account = /^(?:arn:[a-z-]+:(?:iam|sts)::)?(\d{12})(?::|$)/;
const service = /^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/;
/** An identity of a CloudFront distribution. It belongs to no account. */
const originAccess = /^arn:aws:iam::cloudfront:user\//;
const organization = /^arn:[a-z-]+:organizations::\d{12}:(?:organization|ou)\/(o-[a-z0-9]+)/;

/** `kind` is the field of `Principal`: AWS, Service, Federated, CanonicalUser. */
export function whoIs(kind: string, seen: Seen, circle: Circle): Who {
  const text = textOf(seen);
  if (kind === "Service") return text === "*" ? "anonymous" : "service";
  if (kind === "Federated") return "federated";
  if (text === "*") return "anonymous";
  if (kind === "CanonicalUser") return seen.own && !seen.chosen ? "inside" : "undecided";
  if (service.test(text) || originAccess.test(text)) return "service";
  const [, named] = account.exec(text) ?? [];
  if (named !== undefined) return circle.accounts.includes(named) ? "inside" : "outside";
  const [, id] = organization.exec(text) ?? [];
  if (id !== undefined) return id === circle.organization ? "inside" : "outside";
  if (text.includes(hole)) return "undecided";
  return "outside";
}
