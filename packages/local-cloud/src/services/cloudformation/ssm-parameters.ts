/** Looks up the values of template parameters of SSM types, as the principal of the operation. */
import { isSsmValue, type ParameterValue, ssmValueType } from "#cloud/cloudformation/parameters.ts";
import type { Template } from "#cloud/cloudformation/template.ts";
import { validationError } from "#cloud/cloudformation/template-error.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Cloud } from "#cloud/kernel/cloud-type.ts";
import type { Principal } from "#cloud/kernel/principal.ts";

type Found = { readonly Name?: string; readonly Type?: string; readonly Value?: string };

export async function lookUpSsm(
  template: Template,
  values: readonly ParameterValue[],
  as: {
    readonly cloud: Cloud;
    readonly principal: Principal;
    readonly account: string;
    readonly region: string;
  },
): Promise<readonly ParameterValue[]> {
  const selected = values.filter((one) => isSsmValue(template.Parameters?.[one.key]?.Type ?? ""));
  if (selected.length === 0) return values;
  const found = new Map<string, Found>();
  for (let start = 0; start < selected.length; start += 10) {
    const names = [...new Set(selected.slice(start, start + 10).map((one) => one.value))];
    const answer = await getParameters(names, as);
    for (const one of answer) if (one.Name !== undefined) found.set(one.Name, one);
  }
  const missing = selected.filter((one) => !found.has(nameOf(one.value)));
  if (missing.length > 0) {
    throw validationError(
      `Unable to fetch parameters [${[...new Set(missing.map((one) => one.value))].join(",")}] from parameter store for this account.`,
    );
  }
  return values.map((one) => {
    const parameter = selected.includes(one) ? found.get(nameOf(one.value)) : undefined;
    if (!parameter) return one;
    const type = ssmValueType(template.Parameters?.[one.key]?.Type ?? "");
    const isList = parameter.Type === "StringList";
    if (
      parameter.Type === "SecureString" ||
      isList !== (type === "CommaDelimitedList" || type.startsWith("List<"))
    ) {
      throw validationError(
        `Parameters [${one.value}] referenced by template have types not supported by CloudFormation.`,
      );
    }
    return { ...one, resolved: parameter.Value ?? "" };
  });
}

const nameOf = (text: string): string => (text.startsWith("arn:") ? text : (text.split(":")[0] ?? text));

async function getParameters(
  names: readonly string[],
  as: {
    readonly cloud: Cloud;
    readonly principal: Principal;
    readonly account: string;
    readonly region: string;
  },
): Promise<readonly Found[]> {
  try {
    const answer = await as.cloud.invoke<{ Parameters?: readonly Found[] }>({
      service: "ssm",
      operation: "GetParameters",
      input: { Names: names },
      principal: as.principal,
      account: as.account,
      region: as.region,
    });
    return answer.Parameters ?? [];
  } catch (error) {
    if (error instanceof AwsError) throw validationError(error.message);
    throw error;
  }
}
