/** Implements access entries, which admit IAM principals to a cluster and attach access policies to them. */
import { randomUUID } from "node:crypto";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { AccessPolicy } from "./sdk.ts";
import { entryArn, entryKey, findCluster, findEntry, type Op, onCluster, onEntry } from "./state.ts";

const policyRule = /^arn:aws:eks::aws:cluster-access-policy\/AmazonEKS[A-Za-z]+$/;

export const createAccessEntry: Op<"CreateAccessEntry"> = {
  access: ({ clusterName, principalArn, kubernetesGroups, username, type }, call) =>
    onCluster("CreateAccessEntry", call, clusterName, {
      "eks:principalArn": principalArn,
      "eks:kubernetesGroups": kubernetesGroups,
      "eks:username": username,
      "eks:accessEntryType": type ?? "STANDARD",
    }),
  run: (input, call) => {
    const {
      clusterName = "",
      principalArn = "",
      kubernetesGroups = [],
      tags = {},
      type = "STANDARD",
    } = input;
    findCluster(call, clusterName);
    if (!/^arn:aws:iam::\d{12}:(role|user)\//.test(principalArn))
      throw new AwsError("InvalidParameterException", "The principalArn parameter format is not valid", 400);
    const key = entryKey(clusterName, principalArn);
    if (call.state.entries.has(key)) {
      const message = "The specified access entry resource is already in use on this cluster.";
      throw new AwsError("ResourceInUseException", message, 409);
    }
    const now = call.clock.now();
    const accessEntry = {
      ...{ clusterName, principalArn, kubernetesGroups, tags, type },
      accessEntryArn: entryArn(call, clusterName, principalArn, randomUUID()),
      createdAt: now,
      modifiedAt: now,
      username:
        input.username ??
        `${principalArn.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/")}/{{SessionName}}`,
    };
    call.state.entries.set(key, { ...accessEntry, policies: [] });
    return { accessEntry };
  },
};

export const describeAccessEntry: Op<"DescribeAccessEntry"> = {
  access: (input, call) => onEntry("DescribeAccessEntry", call, input),
  run: ({ clusterName, principalArn }, call) => {
    const { policies: _, ...accessEntry } = findEntry(call, clusterName, principalArn);
    return { accessEntry };
  },
};

export const deleteAccessEntry: Op<"DeleteAccessEntry"> = {
  access: (input, call) => onEntry("DeleteAccessEntry", call, input),
  run: ({ clusterName, principalArn }, call) => {
    findEntry(call, clusterName, principalArn);
    call.state.entries.delete(entryKey(clusterName, principalArn));
    return {};
  },
};

export const associateAccessPolicy: Op<"AssociateAccessPolicy"> = {
  access: (input, call) =>
    onEntry("AssociateAccessPolicy", call, input, {
      "eks:policyArn": input.policyArn,
      "eks:accessScope": input.accessScope?.type,
      "eks:namespaces": input.accessScope?.namespaces,
    }),
  run: ({ clusterName, principalArn, policyArn = "", accessScope = {} }, call) => {
    const { policies, ...entry } = findEntry(call, clusterName, principalArn);
    if (!policyRule.test(policyArn))
      throw new AwsError("InvalidParameterException", "The policyArn parameter format is not valid", 400);
    const { type, namespaces = [] } = accessScope;
    if (type !== "cluster" && type !== "namespace")
      throw new AwsError(
        "InvalidParameterException",
        "The type of the access scope must be cluster or namespace",
        400,
      );
    if ((type === "namespace") !== namespaces.length > 0)
      throw new AwsError(
        "InvalidParameterException",
        "Namespaces are for the access scope namespace, which needs them",
        400,
      );
    const now = call.clock.now();
    const associatedAccessPolicy: AccessPolicy = {
      ...{ policyArn, accessScope, modifiedAt: now },
      associatedAt: policies.find((policy) => policy.policyArn === policyArn)?.associatedAt ?? now,
    };
    const others = policies.filter((policy) => policy.policyArn !== policyArn);
    const row = { ...entry, modifiedAt: now, policies: [...others, associatedAccessPolicy] };
    call.state.entries.set(entryKey(clusterName, principalArn), row);
    return { clusterName: entry.clusterName, principalArn: entry.principalArn, associatedAccessPolicy };
  },
};

export const disassociateAccessPolicy: Op<"DisassociateAccessPolicy"> = {
  access: (input, call) =>
    onEntry("DisassociateAccessPolicy", call, input, { "eks:policyArn": input.policyArn }),
  run: ({ clusterName, principalArn, policyArn }, call) => {
    const { policies, ...entry } = findEntry(call, clusterName, principalArn);
    const left = policies.filter((policy) => policy.policyArn !== policyArn);
    if (left.length === policies.length)
      throw new AwsError("ResourceNotFoundException", "The specified policyArn is not associated.", 404);
    call.state.entries.set(entryKey(clusterName, principalArn), { ...entry, policies: left });
    return {};
  },
};

export const listAssociatedAccessPolicies: Op<"ListAssociatedAccessPolicies"> = {
  access: (input, call) => onEntry("ListAssociatedAccessPolicies", call, input),
  run: (input, call) => {
    const { clusterName, principalArn, policies } = findEntry(call, input.clusterName, input.principalArn);
    return { clusterName, principalArn, associatedAccessPolicies: policies };
  },
};
