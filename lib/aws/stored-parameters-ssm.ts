/** Reads the parameter stores of the target accounts. It decrypts no value. */
import { GetParametersCommand, type SSMClient } from "@aws-sdk/client-ssm";
import type { AccountInRegion } from "#ports/target.ts";
import type { StoredParameter, TargetSettings } from "#ports/target-settings.ts";

const batch = 10; // of one call

export const storedParameters = (
  ssm: (target: AccountInRegion) => SSMClient,
): Pick<TargetSettings, "read"> => ({
  read: async (target, names) => {
    const known: Record<string, StoredParameter> = {};
    for (let at = 0; at < names.length; at += batch) {
      const Names = names.slice(at, at + batch);
      const { Parameters = [] } = await ssm(target).send(new GetParametersCommand({ Names }));
      for (const found of Parameters) {
        const { Name = "", ARN = "", Selector = "", Type, Value = "", Version = 0 } = found;
        const secure = Type === "SecureString";
        const modified = found.LastModifiedDate?.toISOString() ?? "";
        // A parameter that another account shares is named by its ARN.
        const asked = Names.includes(Name + Selector) ? Name : ARN;
        known[asked + Selector] = { secure, value: secure ? "" : Value, version: Version, modified };
      }
    }
    return known;
  },
});
