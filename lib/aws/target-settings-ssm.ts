/** The parameter store of the target accounts. */
import { GetParametersCommand, type SSMClient } from "@aws-sdk/client-ssm";
import type { AccountInRegion, TargetSettings } from "#journey/ports.ts";
import { ReleaseError } from "#release/errors.ts";

const batch = 10; // of one call

export const targetSettingsSsm = (clientFor: (target: AccountInRegion) => SSMClient): TargetSettings => ({
  read: async (target, names) => {
    const known: Record<string, string> = {};
    for (let at = 0; at < names.length; at += batch) {
      const { Parameters = [] } = await clientFor(target).send(
        new GetParametersCommand({ Names: names.slice(at, at + batch) }),
      );
      for (const { Name = "", Type, Value = "" } of Parameters) {
        if (Type === "SecureString") throw secret(Name);
        known[Name] = Value;
      }
    }
    return known;
  },
});

/** A secret would stand readable in the stack's parameters; a dynamic reference is resolved by CloudFormation alone. */
const secret = (name: string): ReleaseError =>
  new ReleaseError(
    "ParametersMalformed",
    `\${ssm:${name}} is a SecureString; refer to it in the template, as {{resolve:ssm-secure:${name}}}.`,
  );
