/** These operations read, set and delete the resource policy of a secret. */
import { isObject, parsePolicy, readJson, statementsOf, strings } from "#cloud/iam/policy-document.ts";
import { AwsError, isAwsError } from "#cloud/kernel/aws-error.ts";
import { principalExists } from "#cloud/kernel/principal-exists.ts";
import { findSecret, liveSecret, onSecret, secretAccess, storeSecret } from "./find-secret.ts";
import type { SecretCall, SecretOperation } from "./state.ts";

export const getResourcePolicy: SecretOperation<"GetResourcePolicy"> = {
  access: onSecret("GetResourcePolicy"),
  run: (input, call) => {
    const { arn, name, policy } = findSecret(input.SecretId, call);
    return { ARN: arn, Name: name, ...(policy !== undefined && { ResourcePolicy: policy }) };
  },
};

export const putResourcePolicy: SecretOperation<"PutResourcePolicy"> = {
  access: (input, call) =>
    secretAccess(findSecret(input.SecretId, call), "PutResourcePolicy", input, {
      "secretsmanager:BlockPublicPolicy": input.BlockPublicPolicy,
    }),
  run: async (input, call) => {
    liveSecret(input.SecretId, call);
    const policy = input.ResourcePolicy ?? "";
    await check(policy, input.BlockPublicPolicy ?? false, call);
    const secret = liveSecret(input.SecretId, call);
    storeSecret({ ...secret, policy }, call);
    return { ARN: secret.arn, Name: secret.name };
  },
};

export const deleteResourcePolicy: SecretOperation<"DeleteResourcePolicy"> = {
  access: onSecret("DeleteResourcePolicy"),
  run: (input, call) => {
    const { policy: _policy, ...secret } = liveSecret(input.SecretId, call);
    storeSecret(secret, call);
    return { ARN: secret.arn, Name: secret.name };
  },
};

const malformed = (message: string): AwsError => new AwsError("MalformedPolicyDocumentException", message);

async function check(policy: string, blockPublic: boolean, call: SecretCall): Promise<void> {
  try {
    parsePolicy(policy);
  } catch (cause) {
    throw isAwsError(cause) ? malformed(cause.message) : cause;
  }
  for (const statement of statementsOf(readJson(policy))) {
    const principal = statement["Principal"] ?? statement["NotPrincipal"];
    if (principal === undefined) throw malformed("This resource policy contains an unsupported principal.");
    const named = isObject(principal) && principal["AWS"] !== undefined ? strings(principal["AWS"]) : [];
    for (const arn of named)
      if (!(await principalExists(arn, call.cloud, call.region)))
        throw malformed("This resource policy contains an unsupported principal.");
    const open = principal === "*" || named.includes("*");
    if (blockPublic && open && statement["Effect"] === "Allow" && statement["Condition"] === undefined)
      throw new AwsError(
        "PublicPolicyException",
        "You can't attach this resource policy because it allows broad access to the secret.",
      );
  }
}
