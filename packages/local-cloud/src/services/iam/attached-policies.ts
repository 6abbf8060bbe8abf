/** Attaches managed policies to roles and users, detaches them, and lists them. */
import { managedDocument } from "#cloud/iam/entity-policies.ts";
import { changeEntity, entityAccess, entityNamed, type Kind } from "./entities.ts";
import { type IamCall, type IamOperation, noSuchEntity, quotaExceeded } from "./operation.ts";
import { type PageInput, page } from "./paging.ts";

/** A role or user has at most ten attached policies (IAM User Guide, "IAM and AWS STS quotas"). */
const PER_ENTITY = 10;

export const attachRolePolicy: IamOperation<"AttachRolePolicy"> = {
  access: (input, call) =>
    entityAccess("role", "AttachRolePolicy", input.RoleName, call, { "iam:PolicyARN": input.PolicyArn }),
  run: (input, call) => attach("role", input.RoleName, input.PolicyArn, call),
};

export const attachUserPolicy: IamOperation<"AttachUserPolicy"> = {
  access: (input, call) =>
    entityAccess("user", "AttachUserPolicy", input.UserName, call, { "iam:PolicyARN": input.PolicyArn }),
  run: (input, call) => attach("user", input.UserName, input.PolicyArn, call),
};

export const detachRolePolicy: IamOperation<"DetachRolePolicy"> = {
  access: (input, call) =>
    entityAccess("role", "DetachRolePolicy", input.RoleName, call, { "iam:PolicyARN": input.PolicyArn }),
  run: (input, call) => detach("role", input.RoleName, input.PolicyArn, call),
};

export const detachUserPolicy: IamOperation<"DetachUserPolicy"> = {
  access: (input, call) =>
    entityAccess("user", "DetachUserPolicy", input.UserName, call, { "iam:PolicyARN": input.PolicyArn }),
  run: (input, call) => detach("user", input.UserName, input.PolicyArn, call),
};

export const listAttachedRolePolicies: IamOperation<"ListAttachedRolePolicies"> = {
  access: (input, call) => entityAccess("role", "ListAttachedRolePolicies", input.RoleName, call),
  run: (input, call) => list("role", input.RoleName, input, call),
};

export const listAttachedUserPolicies: IamOperation<"ListAttachedUserPolicies"> = {
  access: (input, call) => entityAccess("user", "ListAttachedUserPolicies", input.UserName, call),
  run: (input, call) => list("user", input.UserName, input, call),
};

/** Rejects an ARN that names neither a policy of AWS nor one of the account. */
export function requirePolicy(call: IamCall, arn: string): void {
  if (managedDocument(arn, call.state) === undefined)
    throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
}

function attach(kind: Kind, name: string | undefined, arn = "", call: IamCall): Record<string, never> {
  const { state } = call;
  const entity = entityNamed(state, kind, name);
  requirePolicy(call, arn);
  if (entity.attached.includes(arn)) return {};
  if (entity.attached.length >= PER_ENTITY)
    throw quotaExceeded(kind === "role" ? "PoliciesPerRole" : "PoliciesPerUser", PER_ENTITY);
  changeEntity(state, kind, entity.name, { attached: [...entity.attached, arn] });
  return {};
}

function detach(kind: Kind, name: string | undefined, arn = "", { state }: IamCall): Record<string, never> {
  const entity = entityNamed(state, kind, name);
  if (!entity.attached.includes(arn)) throw noSuchEntity(`Policy ${arn} was not found.`);
  changeEntity(state, kind, entity.name, { attached: entity.attached.filter((one) => one !== arn) });
  return {};
}

function list(
  kind: Kind,
  name: string | undefined,
  input: PageInput & { readonly PathPrefix?: string | undefined },
  { state }: IamCall,
) {
  const policies = entityNamed(state, kind, name)
    .attached.map((arn) => ({ PolicyName: arn.slice(arn.lastIndexOf("/") + 1), PolicyArn: arn }))
    .filter(({ PolicyArn }) => pathOf(PolicyArn).startsWith(input.PathPrefix ?? "/"));
  const { items, truncation } = page(policies, ({ PolicyArn }) => PolicyArn, input);
  return { AttachedPolicies: items, ...truncation };
}

const pathOf = (arn: string): string => arn.slice(arn.indexOf("/"), arn.lastIndexOf("/") + 1);
