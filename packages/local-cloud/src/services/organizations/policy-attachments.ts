/**
 * These operations attach service control policies to the root, a unit or an account. Each target keeps at
 * least one policy.
 */
import type { PolicyTargetSummary } from "@aws-sdk/client-organizations";
import { attachedTo, ROOT_ID } from "#cloud/iam/organization-state.ts";
import { access, exception, managed, type OrganizationOperation, targetArn } from "./operation.ts";
import { page } from "./paging.ts";
import { policyArn, policyWithId, requireType, summary } from "./policies.ts";
import { requireTarget } from "./tree.ts";

const PER_TARGET = 5;

export const attachPolicy: OrganizationOperation<"AttachPolicy"> = {
  access: (input, call) => [
    access("AttachPolicy", policyArn(call, input.PolicyId)),
    access("AttachPolicy", targetArn(call, input.TargetId)),
  ],
  run: ({ PolicyId, TargetId }, call) => {
    const { state } = managed(call);
    const { id } = policyWithId(state, PolicyId);
    const target = requireTarget(state, TargetId);
    const attached = attachedTo(state, target);
    if (attached.includes(id))
      throw exception(
        "DuplicatePolicyAttachmentException",
        "The selected policy is already attached to the specified target.",
      );
    if (attached.length >= PER_TARGET)
      throw exception(
        "ConstraintViolationException",
        "You have attempted to attach more than the maximum number of policies to a target.",
      );
    state.attachments.set(target, [...attached, id]);
    return {};
  },
};

export const detachPolicy: OrganizationOperation<"DetachPolicy"> = {
  access: (input, call) => [
    access("DetachPolicy", policyArn(call, input.PolicyId)),
    access("DetachPolicy", targetArn(call, input.TargetId)),
  ],
  run: ({ PolicyId, TargetId }, call) => {
    const { state } = managed(call);
    const { id } = policyWithId(state, PolicyId);
    const target = requireTarget(state, TargetId);
    const attached = attachedTo(state, target);
    if (!attached.includes(id))
      throw exception(
        "PolicyNotAttachedException",
        "The policy isn't attached to the specified target in the specified root.",
      );
    if (attached.length === 1)
      throw exception(
        "ConstraintViolationException",
        "You cannot remove the last policy attached to the specified target. You must have at least one attached at all times.",
      );
    state.attachments.set(
      target,
      attached.filter((one) => one !== id),
    );
    return {};
  },
};

export const listPoliciesForTarget: OrganizationOperation<"ListPoliciesForTarget"> = {
  access: (input, call) => access("ListPoliciesForTarget", targetArn(call, input.TargetId)),
  run: (input, call) => {
    const { state } = managed(call);
    requireType(input.Filter);
    const { items, next } = page(attachedTo(state, requireTarget(state, input.TargetId)), input);
    return { Policies: items.map((id) => summary(policyWithId(state, id), call)), ...next };
  },
};

export const listTargetsForPolicy: OrganizationOperation<"ListTargetsForPolicy"> = {
  access: (input, call) => access("ListTargetsForPolicy", policyArn(call, input.PolicyId)),
  run: (input, call) => {
    const { state } = managed(call);
    const { id } = policyWithId(state, input.PolicyId);
    const targets: PolicyTargetSummary[] = [
      { TargetId: ROOT_ID, Name: "Root", Type: "ROOT" as const },
      ...[...state.units.values()].map((unit) => ({
        TargetId: unit.id,
        Name: unit.name,
        Type: "ORGANIZATIONAL_UNIT" as const,
      })),
      ...[...state.accounts.values()].map((account) => ({
        TargetId: account.id,
        Name: account.name,
        Type: "ACCOUNT" as const,
      })),
    ]
      .filter(({ TargetId }) => attachedTo(state, TargetId).includes(id))
      .map((target) => ({ ...target, Arn: targetArn(call, target.TargetId) }));
    const { items, next } = page(targets, input);
    return { Targets: items, ...next };
  },
};
