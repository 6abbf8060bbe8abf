/**
 * GetKeyPolicy, ListKeyPolicies and PutKeyPolicy read and set key policies. A new policy must be valid and
 * must let the caller or the account change the policy later (KMS API Reference, PutKeyPolicy,
 * "BypassPolicyLockoutSafetyCheck").
 */
import { isObject, parsePolicy, readJson, statementsOf, strings } from "#cloud/iam/policy-document.ts";
import { AwsError, isAwsError } from "#cloud/kernel/aws-error.ts";
import { principalExists } from "#cloud/kernel/principal-exists.ts";
import { customerKey, findKey, notFound, notPending } from "./find-key.ts";
import { keyAccess, onKey } from "./key-access.ts";
import type { KmsCall, KmsOperation } from "./state.ts";

/** A key policy has at most 32 KiB (KMS API Reference, PutKeyPolicy, "Policy"). */
const MAX_BYTES = 32_768;

export const getKeyPolicy: KmsOperation<"GetKeyPolicy"> = {
  access: onKey("GetKeyPolicy"),
  run: (input, call) => {
    checkName(input.PolicyName);
    return { Policy: findKey(input.KeyId, call).policy, PolicyName: "default" };
  },
};

export const listKeyPolicies: KmsOperation<"ListKeyPolicies"> = {
  access: onKey("ListKeyPolicies"),
  run: (input, call) => {
    findKey(input.KeyId, call);
    return { PolicyNames: ["default"], Truncated: false };
  },
};

export const putKeyPolicy: KmsOperation<"PutKeyPolicy"> = {
  access: (input, call) =>
    keyAccess(customerKey(input.KeyId, call, "PutKeyPolicy"), "PutKeyPolicy", input, call, {
      "kms:BypassPolicyLockoutSafetyCheck": input.BypassPolicyLockoutSafetyCheck ?? false,
    }),
  run: async (input, call) => {
    checkName(input.PolicyName);
    const { account } = notPending(findKey(input.KeyId, call));
    const policy = input.Policy ?? "";
    await checkKeyPolicy(policy, account, input.BypassPolicyLockoutSafetyCheck ?? false, call);
    const key = findKey(input.KeyId, call);
    call.stateOf(key.account, key.region).keys.set(key.id, { ...key, policy });
    return {};
  },
};

const checkName = (name: string | undefined): void => {
  if (name !== undefined && name !== "default") throw notFound("No such policy exists");
};

const malformed = (message: string): AwsError => new AwsError("MalformedPolicyDocumentException", message);

export async function checkKeyPolicy(
  policy: string,
  account: string,
  bypass: boolean,
  call: KmsCall,
): Promise<void> {
  if (Buffer.byteLength(policy) > MAX_BYTES)
    throw new AwsError("LimitExceededException", `The policy is larger than ${MAX_BYTES} bytes.`);
  try {
    parsePolicy(policy);
  } catch (cause) {
    throw isAwsError(cause) ? malformed(cause.message) : cause;
  }
  const statements = statementsOf(readJson(policy));
  for (const statement of statements) {
    const principal = statement["Principal"] ?? statement["NotPrincipal"];
    if (principal === undefined) throw malformed("Policy contains a statement with no principal.");
    if (statement["Resource"] === undefined && statement["NotResource"] === undefined)
      throw malformed("Policy contains a statement with no resource.");
    const named = isObject(principal) && principal["AWS"] !== undefined ? strings(principal["AWS"]) : [];
    for (const arn of named)
      if (!(await principalExists(arn, call.cloud, call.region)))
        throw malformed("Policy contains a statement with one or more invalid principals.");
  }
  const allowsUpdate = statements.some(
    (statement) =>
      statement["Effect"] === "Allow" &&
      strings(statement["Action"] ?? []).some(coversPutKeyPolicy) &&
      namesCaller(statement["Principal"], account, call),
  );
  if (!allowsUpdate && !bypass)
    throw malformed("The new key policy will not allow you to update the key policy in the future.");
}

const coversPutKeyPolicy = (action: string): boolean => {
  const pattern = action
    .toLowerCase()
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${pattern}$`).test("kms:putkeypolicy");
};

function namesCaller(principal: unknown, account: string, { principal: caller }: KmsCall): boolean {
  if (principal === "*") return true;
  const named = isObject(principal) && principal["AWS"] !== undefined ? strings(principal["AWS"]) : [];
  const self = caller.kind === "role" ? [caller.roleArn, caller.arn] : "arn" in caller ? [caller.arn] : [];
  return named.some((arn) => ["*", account, `arn:aws:iam::${account}:root`, ...self].includes(arn));
}
