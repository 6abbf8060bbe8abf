/**
 * Decides a call: finds every policy that applies, evaluates the policies, and writes the message of a
 * denial.
 */
import type { AccessRequest, Authorizer } from "#cloud/kernel/access.ts";
import type { Principal } from "#cloud/kernel/principal.ts";
import { denialMessage } from "./denial.ts";
import type { Directory } from "./directory.ts";
import { boundaryPolicy, identityPolicies } from "./entity-policies.ts";
import { type EvaluationRequest, evaluate, type NamedPolicy, type PolicySet } from "./evaluate.ts";
import { type Entity, roleByArn } from "./iam-state.ts";
import { controlPolicies, membershipOf } from "./organization-state.ts";
import { type PolicyDocument, parsePolicy } from "./policy-document.ts";
import { requestContext } from "./request-context.ts";
import { readsInternally } from "./service-reads.ts";
import { subjectOf } from "./subject.ts";

const REMEMBERED_DOCUMENTS = 2000;

/** Clouds with the same policies may share their parsed documents through `parse`. */
export function createAuthorizer(directory: Directory, parse = rememberingParser()): Authorizer {
  return (principal, request, call) => {
    if (principal.kind === "service" && readsInternally(principal.service, request.action))
      return { allowed: true };
    const resourceAccount = request.resourceAccount ?? call.account;
    const entity = entityOf(directory, principal);
    const organization = directory.organization();
    const asked: EvaluationRequest = {
      action: request.action,
      resource: request.resource,
      resourceAccount,
      rule: request.rule,
      subject: subjectOf(principal, entity?.id),
      context: requestContext({
        ...call,
        principal,
        request: withRoleTags(directory, request),
        resourceAccount,
        userId: entity?.id,
        entityTags: Object.fromEntries((entity?.tags ?? []).map(({ Key, Value }) => [Key, Value])),
        membershipOf: (account) => organization && membershipOf(organization, account),
      }),
    };
    const resource = resourcePolicy(directory, principal, request, resourceAccount, parse);
    const verdict = evaluate(policiesOf(directory, principal, entity, resource, parse), asked);
    if (verdict.allowed) return { allowed: true };
    return { allowed: false, explicit: verdict.explicit, message: denialMessage(verdict, asked) };
  };
}

/** STS does not read IAM's state, so the authorizer finds the tags of the role that is assumed. */
function withRoleTags(directory: Directory, request: AccessRequest): AccessRequest {
  if (request.rule !== "trust" || request.tags !== undefined) return request;
  const role = roleByArn((account) => directory.iam(account), request.resource);
  return { ...request, tags: Object.fromEntries((role?.tags ?? []).map(({ Key, Value }) => [Key, Value])) };
}

export type Parse = (text: string) => PolicyDocument;

function policiesOf(
  directory: Directory,
  principal: Principal,
  entity: Entity | undefined,
  resource: NamedPolicy | undefined,
  parse: Parse,
): PolicySet {
  if (!("account" in principal)) return { resource };
  const organization = directory.organization();
  const iam = directory.iam(principal.account);
  // Service control policies do not restrict service-linked roles (AWS Organizations User Guide, "Service
  // control policies").
  const spared = principal.kind === "role" && principal.roleArn.includes(":role/aws-service-role/");
  const scps =
    organization === undefined || spared
      ? undefined
      : controlPolicies(organization, principal.account, parse);
  return {
    ...(scps && { scps }),
    resource,
    administrator: principal.kind === "account",
    identity: entity && iam ? identityPolicies(entity, iam, parse) : [],
    boundary: entity && iam && boundaryPolicy(entity, iam, parse),
    sessions:
      principal.kind === "role"
        ? principal.sessionPolicies.map((text) => ({ name: "session policy", document: parse(text) }))
        : [],
  };
}

/**
 * Returns the role or user behind a principal. A session of a role that was deleted or created again has
 * none, and so no rights.
 */
function entityOf(directory: Directory, principal: Principal): Entity | undefined {
  if (principal.kind === "user")
    return directory.iam(principal.account)?.users.get(principal.userName.toLowerCase());
  if (principal.kind !== "role") return undefined;
  const role = directory.iam(principal.account)?.roles.get(principal.roleName.toLowerCase());
  return role?.id === principal.userId.split(":")[0] ? role : undefined;
}

/**
 * The root user of a bucket's owner cannot lose access to the bucket policy (S3 API Reference,
 * PutBucketPolicy).
 */
const NEVER_LOCKED = new Set(["s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"]);

function resourcePolicy(
  directory: Directory,
  principal: Principal,
  request: AccessRequest,
  resourceAccount: string,
  parse: Parse,
): NamedPolicy | undefined {
  if (
    principal.kind === "account" &&
    principal.account === resourceAccount &&
    NEVER_LOCKED.has(request.action)
  )
    return undefined;
  // STS does not read IAM's state, so the authorizer finds the role's trust policy.
  const text =
    request.resourcePolicy ??
    (request.rule === "trust"
      ? roleByArn((account) => directory.iam(account), request.resource)?.trust
      : undefined);
  return text === undefined ? undefined : { name: `policy of ${request.resource}`, document: parse(text) };
}

/** Keeps parsed documents, because every call uses the same few policies. */
export function rememberingParser(): Parse {
  const documents = new Map<string, PolicyDocument>();
  return (text) => {
    let document = documents.get(text);
    if (document === undefined) {
      document = parsePolicy(text);
      if (documents.size >= REMEMBERED_DOCUMENTS) documents.clear();
      documents.set(text, document);
    }
    return document;
  };
}
