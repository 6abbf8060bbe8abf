/**
 * Decides whether a stack policy allows an update of a resource. A policy denies every action that it does
 * not allow (CloudFormation User Guide, "Prevent updates to stack resources").
 */
import { isList, isObject, type Json, type JsonObject } from "#cloud/cloudformation/json.ts";

type Action = "Update:Modify" | "Update:Replace" | "Update:Delete";

const matches = (pattern: string, value: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
  ).test(value);

const texts = (value: Json | undefined): readonly string[] =>
  value === undefined ? [] : isList(value) ? value.map(String) : [String(value)];

const named = (statement: JsonObject, key: "Action" | "Resource", value: string): boolean => {
  const not = statement[`Not${key}`];
  return not === undefined
    ? texts(statement[key]).some((pattern) => matches(pattern, value))
    : !texts(not).some((pattern) => matches(pattern, value));
};

const conditionHolds = (statement: JsonObject, type: string): boolean => {
  const condition = statement["Condition"];
  if (!isObject(condition)) return true;
  return Object.entries(condition).every(([operator, keys]) => {
    const selected = texts(isObject(keys) ? keys["ResourceType"] : undefined);
    const exact = operator === "StringEquals";
    return selected.some((one) => (exact ? one === type : matches(one, type)));
  });
};

/** Returns AWS's denial as text, or `undefined` when the policy allows the action. */
export function stackPolicyDenial(
  policy: string | undefined,
  logicalId: string,
  type: string,
  action: Action,
): string | undefined {
  if (policy === undefined) return undefined;
  const document: unknown = JSON.parse(policy);
  const statements =
    isObject(document) && isList(document["Statement"]) ? document["Statement"].filter(isObject) : [];
  const applying = statements
    .map((statement, index) => ({ statement, index }))
    .filter(
      ({ statement }) =>
        named(statement, "Action", action) &&
        named(statement, "Resource", `LogicalResourceId/${logicalId}`) &&
        conditionHolds(statement, type),
    );
  const denied = applying.find(({ statement }) => statement["Effect"] === "Deny");
  if (denied) {
    return `Action denied by stack policy: Statement [#${denied.index + 1}] does not allow [${action}] for resource [LogicalResourceId/${logicalId}]`;
  }
  if (applying.length > 0) return undefined;
  return `Action denied by stack policy: no statement allows [${action}] for resource [LogicalResourceId/${logicalId}]`;
}
