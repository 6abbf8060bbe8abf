/**
 * Decides whether the principal in a policy exists. AWS stores ids, so it rejects names that it cannot look
 * up.
 */
import { isAwsError } from "./aws-error.ts";
import type { Cloud } from "./cloud-type.ts";
import { accountRoot } from "./principal.ts";

/** `principal` is a value of a policy's `AWS` principals. */
export async function principalExists(principal: string, cloud: Cloud, region: string): Promise<boolean> {
  if (principal === "*" || /^\d{12}$/.test(principal)) return true;
  const [, , service, , account = "", resource = ""] = principal.split(":");
  const [kind = "", ...path] = resource.split("/");
  const name = path.at(-1) ?? "";
  if (!/^\d{12}$/.test(account)) return /^(AROA|AIDA)[A-Z0-9]+$/.test(principal);
  if (service === "sts") return kind === "assumed-role" || kind === "federated-user";
  if (service !== "iam" || name.includes("*")) return false;
  if (kind === "root") return true;
  if (kind !== "role" && kind !== "user") return false;
  const [operation, input] =
    kind === "role" ? ["GetRole", { RoleName: name }] : ["GetUser", { UserName: name }];
  try {
    await cloud.invoke({
      service: "iam",
      operation: String(operation),
      input,
      principal: accountRoot(account),
      region,
    });
    return true;
  } catch (error) {
    if (isAwsError(error, "NoSuchEntity", "NoSuchEntityException")) return false;
    throw error;
  }
}
