/** Checks the filters of DescribeParameters and GetParametersByPath, and decides which parameters fit. */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Parameter } from "./state.ts";

export type Filter = {
  readonly Key?: string | undefined;
  readonly Option?: string | undefined;
  readonly Values?: readonly string[] | undefined;
};

/** The options of a key (Systems Manager API Reference, ParameterStringFilter, "Option"). */
function optionsOf(key: string): readonly string[] {
  if (key === "Path") return ["Recursive", "OneLevel"];
  if (key === "Name") return ["BeginsWith", "Equals", "Contains"];
  return ["BeginsWith", "Equals"];
}

/** GetParametersByPath has no filters by these keys (API reference, "ParameterFilters"). */
const notByPath = ["Name", "Path", "Tier", "DataType"];

/** The model restricts the keys; the service refuses an option that a key does not have, and a repeated key. */
export function readFilters(filters: readonly Filter[], operation: "path" | "all"): readonly Filter[] {
  const seen = new Set<string>();
  for (const { Key = "", Option, Values = [] } of filters) {
    if (operation === "path" && notByPath.includes(Key))
      throw new AwsError(
        "InvalidFilterKey",
        `The following filter key is not valid: ${Key}. Valid filter keys include: [Type, KeyId].`,
      );
    if (seen.has(Key))
      throw new AwsError(
        "InvalidFilterKey",
        `The following filter is duplicated in the request: ${Key}. A request can contain only one occurrence of a specific filter.`,
      );
    seen.add(Key);
    const options = optionsOf(Key);
    if (Option !== undefined && !options.includes(Option))
      throw new AwsError(
        "InvalidFilterOption",
        `The following filter option is not valid: ${Option}. Valid options include: [${options.join(", ")}].`,
      );
    if (Values.length === 0 && !Key.startsWith("tag:"))
      throw new AwsError(
        "InvalidFilterValue",
        `The following filter values are missing : null for filter key ${Key}`,
      );
  }
  return filters;
}

export function fits(parameter: Parameter, { Key = "", Option = "Equals", Values = [] }: Filter): boolean {
  const last = parameter.versions.at(-1);
  const compare = (text: string | undefined): boolean =>
    text !== undefined &&
    Values.some((value) =>
      Option === "BeginsWith"
        ? text.startsWith(value)
        : Option === "Contains"
          ? text.includes(value)
          : text === value,
    );
  if (Key === "Name") return compare(parameter.name) || compare(parameter.name.replace(/^\//, ""));
  if (Key === "Type") return compare(last?.type);
  if (Key === "KeyId") return compare(last?.keyId);
  if (Key === "Tier") return compare(last?.tier);
  if (Key === "DataType") return compare(last?.dataType);
  if (Key === "Label") return last?.labels.some(compare) ?? false;
  if (Key === "Path") return Values.some((value) => isBelow(parameter.name, value, Option === "Recursive"));
  if (Key.startsWith("tag:"))
    return Values.length === 0 ? Key.slice(4) in parameter.tags : compare(parameter.tags[Key.slice(4)]);
  throw new AwsError("InvalidFilterKey", `The filter key ${Key} is not valid.`);
}

function isBelow(name: string, path: string, recursive: boolean): boolean {
  const prefix = `${path.replace(/\/$/, "")}/`;
  return name.startsWith(prefix) && (recursive || !name.slice(prefix.length).includes("/"));
}
