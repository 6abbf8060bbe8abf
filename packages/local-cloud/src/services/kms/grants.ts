/**
 * These operations create, list, retire and revoke grants. A grant allows a principal some operations on a
 * key in addition to the key policy.
 */
import { randomBytes } from "node:crypto";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { principalName } from "#cloud/kernel/principal.ts";
import { principalExists } from "#cloud/kernel/principal-exists.ts";
import { findKey, notFound, notPending, validation } from "./find-key.ts";
import { keyAccess, onKey } from "./key-access.ts";
import { page } from "./paging.ts";
import type { Grant, Key, KmsCall, KmsOperation } from "./state.ts";

export const createGrant: KmsOperation<"CreateGrant"> = {
  access: (input, call) =>
    keyAccess(findKey(input.KeyId, call), "CreateGrant", { KeyId: input.KeyId }, call, {
      "kms:GranteePrincipal": input.GranteePrincipal,
      "kms:RetiringPrincipal": input.RetiringPrincipal,
      "kms:GrantOperations": input.Operations,
      "kms:GrantIsForAWSResource": call.principal.kind === "service",
    }),
  run: async (input, call) => {
    const { GranteePrincipal: grantee = "", Operations: operations = [] } = input;
    if (operations.length === 0) throw validation("At least one operation is required for a grant.");
    const service = /^[a-z0-9.-]+\.amazonaws\.com$/.test(grantee);
    if (!service && !(await principalExists(grantee, call.cloud, call.region)))
      throw new AwsError("InvalidArnException", `${grantee} is not a valid principal.`);
    const key = notPending(findKey(input.KeyId, call));
    const { grants } = call.stateOf(key.account, key.region);
    // A request with the same name returns the same grant, so that a client can repeat it.
    const same = [...grants.values()].find(
      (grant) =>
        grant.keyId === key.id &&
        grant.name !== undefined &&
        grant.name === input.Name &&
        grant.grantee === grantee,
    );
    const grant =
      same ??
      ({
        id: randomBytes(32).toString("hex"),
        token: randomBytes(96).toString("base64"),
        keyId: key.id,
        ...(input.Name !== undefined && { name: input.Name }),
        createdAt: call.clock.now(),
        grantee,
        ...(input.RetiringPrincipal !== undefined && { retiring: input.RetiringPrincipal }),
        operations,
        ...(input.Constraints !== undefined && { constraints: input.Constraints }),
        issuer: principalName(call.principal),
      } satisfies Grant);
    grants.set(grant.id, grant);
    return { GrantId: grant.id, GrantToken: grant.token };
  },
};

export const listGrants: KmsOperation<"ListGrants"> = {
  access: onKey("ListGrants"),
  run: (input, call) => {
    const key = findKey(input.KeyId, call);
    const grants = [...call.stateOf(key.account, key.region).grants.values()].filter(
      (grant) =>
        grant.keyId === key.id &&
        grant.id === (input.GrantId ?? grant.id) &&
        grant.grantee === (input.GranteePrincipal ?? grant.grantee),
    );
    const { items, ...paging } = page(grants, ({ id }) => id, {
      Limit: input.Limit ?? 50,
      Marker: input.Marker,
    });
    return { Grants: items.map((grant) => shown(grant, key)), ...paging };
  },
};

export const listRetirableGrants: KmsOperation<"ListRetirableGrants"> = {
  access: () => ({ action: "kms:ListRetirableGrants", resource: "*" }),
  run: (input, call) => {
    const grants = [...call.state.grants.values()].filter(
      ({ retiring }) => retiring === input.RetiringPrincipal,
    );
    const { items, ...paging } = page(grants, ({ id }) => id, {
      Limit: input.Limit ?? 50,
      Marker: input.Marker,
    });
    return {
      Grants: items.flatMap((grant) => {
        const key = call.state.keys.get(grant.keyId);
        return key === undefined ? [] : [shown(grant, key)];
      }),
      ...paging,
    };
  },
};

export const revokeGrant: KmsOperation<"RevokeGrant"> = {
  access: onKey("RevokeGrant"),
  run: (input, call) => {
    const key = findKey(input.KeyId, call);
    const { grants } = call.stateOf(key.account, key.region);
    if (grants.get(input.GrantId ?? "")?.keyId !== key.id)
      throw notFound(`Grant ID ${input.GrantId} not found on key ${key.arn}`);
    grants.delete(input.GrantId ?? "");
    return {};
  },
};

export const retireGrant: KmsOperation<"RetireGrant"> = {
  // The retiring principal, and a grantee with RetireGrant, need no other permission; `run` checks the
  // principal.
  access: () => [],
  run: (input, call) => {
    const { grant, grants } = retirable(input, call);
    const { principal } = call;
    const self = principal.kind === "role" ? [principal.roleArn, principal.arn] : [principalName(principal)];
    const owner = principal.kind === "account" && grant.issuer.includes(`:${principal.account}:`);
    const grantee = self.includes(grant.grantee) && grant.operations.includes("RetireGrant");
    if (!owner && !grantee && !self.includes(grant.retiring ?? ""))
      throw new AwsError(
        "AccessDeniedException",
        `User: ${self[0]} is not authorized to perform: kms:RetireGrant`,
      );
    grants.delete(grant.id);
    return {};
  },
};

function retirable(
  input: {
    readonly GrantToken?: string | undefined;
    readonly GrantId?: string | undefined;
    readonly KeyId?: string | undefined;
  },
  call: KmsCall,
) {
  const home = input.KeyId === undefined ? undefined : findKey(input.KeyId, call);
  const { grants } = home === undefined ? call.state : call.stateOf(home.account, home.region);
  const grant = [...grants.values()].find(({ id, token }) =>
    input.GrantToken === undefined ? id === input.GrantId : token === input.GrantToken,
  );
  if (grant !== undefined) return { grant, grants };
  if (input.GrantToken !== undefined)
    throw new AwsError("InvalidGrantTokenException", "The grant token is not valid.");
  throw notFound(`Grant ID ${input.GrantId} not found`);
}

const shown = (grant: Grant, key: Key) => ({
  KeyId: key.arn,
  GrantId: grant.id,
  ...(grant.name !== undefined && { Name: grant.name }),
  CreationDate: grant.createdAt,
  GranteePrincipal: grant.grantee,
  ...(grant.retiring !== undefined && { RetiringPrincipal: grant.retiring }),
  IssuingAccount: `arn:aws:iam::${key.account}:root`,
  Operations: [...grant.operations],
  ...(grant.constraints !== undefined && { Constraints: grant.constraints }),
});
