/**
 * Writes the message of a denied call: AWS's words, then the missing statement, or the statement that
 * denies.
 */
import type { EvaluationRequest, PolicyKind, Verdict } from "./evaluate.ts";

const ARTICLE: Readonly<Record<PolicyKind, string>> = {
  scp: "a service control policy",
  resource: "a resource-based policy",
  trust: "the role trust policy",
  identity: "an identity-based policy",
  boundary: "a permissions boundary",
  session: "a session policy",
};

const NONE: Readonly<Record<PolicyKind, string>> = {
  scp: "service control policy",
  resource: "resource-based policy",
  trust: "role trust policy",
  identity: "identity-based policy",
  boundary: "permissions boundary",
  session: "session policy",
};

type Denied = Exclude<Verdict, { readonly allowed: true }>;

export function denialMessage(verdict: Denied, request: EvaluationRequest): string {
  const { action, resource, subject } = request;
  const what = `User: ${subject.name} is not authorized to perform: ${action} on resource: ${resource}`;
  if (verdict.explicit) {
    const sid = verdict.sid === undefined ? "" : `, statement ${verdict.sid}`;
    return `${what} with an explicit deny in ${ARTICLE[verdict.kind]} (${verdict.policy}${sid})`;
  }
  const [first] = verdict.missing;
  const statements = verdict.missing.map((kind) => `${NONE[kind]}: ${missingStatement(kind, request)}`);
  return `${what} because no ${NONE[first]} allows the ${action} action. Missing in the ${statements.join("; in the ")}`;
}

/** Returns the smallest statement that would have allowed the call, as JSON. */
function missingStatement(kind: PolicyKind, { action, resource, subject }: EvaluationRequest): string {
  return JSON.stringify({
    Effect: "Allow",
    ...((kind === "resource" || kind === "trust") && { Principal: principalElement(subject) }),
    Action: action,
    ...(kind !== "trust" && { Resource: resource }),
  });
}

const principalElement = (subject: EvaluationRequest["subject"]): unknown => {
  if (subject.service !== undefined) return { Service: subject.service };
  if (subject.federated !== undefined) return { Federated: subject.federated };
  const name = subject.entityNames[0] ?? subject.accountNames[1];
  return name === undefined ? "*" : { AWS: name };
};
