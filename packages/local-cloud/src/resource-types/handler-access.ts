/**
 * Builds the access requests of a handler for one resource: the calls that the handler makes for certain, the tagging of
 * a tagged resource, and `iam:PassRole` for a role among the properties.
 */
import { isList, isObject, type Json, type JsonObject, member } from "#cloud/cloudformation/json.ts";
import type { AccessRequest } from "#cloud/kernel/access.ts";
import { type HandlerOperation, handlersOf } from "./handlers.ts";
import { spec } from "./known-spec.ts";
import type { Tag } from "./resource-type.ts";
import { tagAction } from "./tag-action.ts";

type Handled = {
  readonly type: string;
  readonly physicalId: string;
  readonly properties: JsonObject;
  readonly account: string;
  readonly region: string;
  /** The tags of the stack and of the resource, without CloudFormation's own. */
  readonly tags: readonly Tag[];
};

const lastPart = (id: string): string => id.split(/[:/]/).at(-1) ?? "";

/** Fills the format of an ARN. A part that the properties do not tell is `*`. */
function arnOf(format: string, handled: Handled): string {
  const { physicalId, properties, account, region } = handled;
  if (format === "*") return "*";
  const fixed: Readonly<Record<string, string>> = { Partition: "aws", Region: region, Account: account };
  const own = spec.get(handled.type)?.arn === format;
  const identifier = spec.get(handled.type)?.identifier ?? [];
  const names = [...format.matchAll(/\$\{([^}]+)\}/g)].map(([, name = ""]) => name);
  const unknown = names.filter((name) => !(name in fixed) && typeof member(properties, name) !== "string");
  if (own && physicalId.startsWith(format.split(":").slice(0, 3).join(":").replace("${Partition}", "aws"))) {
    return physicalId;
  }
  return format.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
    const value = fixed[name] ?? member(properties, name);
    if (typeof value === "string") return value;
    return identifier.includes(name) || (own && unknown.length === 1) ? lastPart(physicalId) : "*";
  });
}

/** API Gateway checks a creation, and its tags, on the collection that gets a new member. */
const checked = (operation: HandlerOperation, action: string, arn: string): string =>
  operation === "create" && action.startsWith("apigateway:") ? arn.slice(0, arn.lastIndexOf("/")) : arn;

const roleArn = /^arn:aws[\w-]*:iam::\d{12}:role\/.+$/;

function rolesIn(value: Json): readonly string[] {
  if (typeof value === "string") return roleArn.test(value) ? [value] : [];
  if (isList(value)) return value.flatMap(rolesIn);
  return isObject(value) ? Object.values(value).flatMap(rolesIn) : [];
}

/** A policy document names roles as principals, which passes none of them. */
const passedRoles = (properties: JsonObject): readonly string[] => [
  ...new Set(
    Object.entries(properties).flatMap(([name, value]) => (/Polic/.test(name) ? [] : rolesIn(value))),
  ),
];

const passRequests = (listed: readonly string[], prefix: string, { properties }: Handled): AccessRequest[] =>
  listed.includes("iam:PassRole")
    ? passedRoles(properties).map((role) => ({
        action: "iam:PassRole",
        resource: role,
        resourceAccount: role.split(":")[4] ?? "",
        context: { "iam:PassedToService": `${prefix}.amazonaws.com` },
      }))
    : [];

const tagContext = (tags: readonly Tag[]): Readonly<Record<string, string | readonly string[]>> =>
  tags.length === 0
    ? {}
    : {
        "aws:TagKeys": tags.map(({ Key }) => Key),
        ...Object.fromEntries(tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
      };

/** Returns the access requests of a handler. A type without known handlers has none. */
export function handlerAccess(operation: HandlerOperation, handled: Handled): readonly AccessRequest[] {
  const handlers = handlersOf(handled.type);
  if (handlers === undefined) return [];
  const tagged = operation !== "delete" && (handlers.systemTags === true || handled.tags.length > 0);
  const certain = Object.entries(handlers.certain[operation]).filter(
    ([action]) => tagged || tagAction([action]) === undefined,
  );
  const prefix = certain[0]?.[0].split(":")[0] ?? "";
  return [
    ...certain.map(([action, format]) => ({
      action,
      resource: checked(operation, action, arnOf(format, handled)),
      context: operation === "create" ? tagContext(handled.tags) : {},
    })),
    ...passRequests(handlers[operation], prefix, handled),
  ];
}
