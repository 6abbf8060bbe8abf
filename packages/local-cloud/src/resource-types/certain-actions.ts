/**
 * Selects the calls that a resource type's handler makes for every resource, and the ARN that IAM checks for each.
 *
 * AWS's registry lists every call that a handler can make, e.g. `rds:RestoreDBInstanceFromDBSnapshot` and
 * `kms:CreateGrant` for a database. A role without them creates a plain database on AWS. So only the calls whose
 * name is a verb and the type's own noun are certain (`rds:CreateDBInstance`), and, where there is none, the writing call
 * with the expected verb.
 */
import type { Actions } from "./action-catalog.ts";
import type { HandlerOperation, Handlers } from "./handlers.ts";
import type { TypeSpec } from "./spec.ts";
import { tagAction } from "./tag-action.ts";

type Lists = Readonly<Record<HandlerOperation, readonly string[]>>;

export const verbs: Readonly<Record<HandlerOperation, readonly string[]>> = {
  create: [
    ...[
      "Create",
      "Put",
      "Run",
      "Register",
      "Allocate",
      "Request",
      "Publish",
      "Import",
      "Add",
      "Attach",
      "Associate",
    ],
    ...["Authorize", "Enable", "Start", "Subscribe", "Set", "Change", "Update", "Modify"],
  ],
  update: ["Update", "Modify", "Put", "Set", "Change", "Register", "Replace", "Associate"],
  delete: [
    ...[
      "Delete",
      "Remove",
      "Terminate",
      "Deregister",
      "Release",
      "Detach",
      "Disassociate",
      "Revoke",
      "Disable",
    ],
    ...["Unsubscribe", "Cancel", "Change", "Put", "Update"],
  ],
};

/** Splits `CreateDBInstance` into `create` and `dbinstance`. */
export const parts = (name: string): readonly [verb: string, noun: string] => {
  const [, verb = name, noun = ""] = /^([A-Z][a-z]+)(.*)$/.exec(name) ?? [];
  return [verb.toLowerCase(), noun.toLowerCase()];
};

export const singular = (noun: string): string => noun.replace(/ies$/, "y").replace(/s$/, "");

const partsOf = (action: string): readonly [verb: string, noun: string] => parts(action.split(":")[1] ?? "");
const lowerVerbs = (operation: HandlerOperation): readonly string[] =>
  verbs[operation].map((verb) => verb.toLowerCase());

const reading = /^(get|describe|list)$/;

export const nounOf = (type: string): string => singular((type.split("::").at(-1) ?? "").toLowerCase());

type Choice = { readonly listed: readonly string[]; readonly noun: string; readonly prefix: string };

/** Answers the listed actions whose name is a verb and the type's noun: the first writing one, and the reading ones. */
function namedActions(operation: HandlerOperation, { listed, noun }: Choice): readonly string[] {
  const named = listed.filter((action) => singular(partsOf(action)[1]) === noun);
  const wanted = lowerVerbs(operation);
  const rank = (action: string): number => wanted.indexOf(partsOf(action)[0]);
  const [main] = named.filter((action) => rank(action) >= 0).sort((one, other) => rank(one) - rank(other));
  return main === undefined ? [] : [main, ...named.filter((action) => reading.test(partsOf(action)[0]))];
}

/** Answers the one writing action of the type's own service, where none bears the type's noun. */
async function writingAction(
  operation: HandlerOperation,
  { listed, noun, prefix }: Choice,
  actions: Actions,
): Promise<readonly string[]> {
  const own = listed.filter((action) => action.startsWith(`${prefix}:`));
  for (const verb of lowerVerbs(operation)) {
    const found = own.filter((action) => partsOf(action)[0] === verb);
    if (found.length === 1) return found;
    const close = found.filter((action) => {
      const other = singular(partsOf(action)[1]);
      return other.endsWith(noun) || noun.endsWith(other);
    });
    if (close.length === 1) return close;
  }
  const details = await Promise.all(own.map((action) => actions.details(action)));
  const writes = own.filter((_, index) => details[index]?.reads === false);
  return writes.length === 1 ? writes : [];
}

const httpMethods: Readonly<Record<HandlerOperation, readonly string[]>> = {
  create: ["apigateway:POST", "apigateway:PUT"],
  update: ["apigateway:PATCH", "apigateway:PUT"],
  delete: ["apigateway:DELETE"],
};

async function certainOf(
  operation: HandlerOperation,
  choice: Choice,
  actions: Actions,
): Promise<readonly string[]> {
  // API Gateway's actions are the methods of its own HTTP API (API Gateway Developer Guide, "How to use IAM policies").
  if (choice.prefix === "apigateway") {
    return httpMethods[operation].filter((action) => choice.listed.includes(action)).slice(0, 1);
  }
  const named = namedActions(operation, choice);
  return named.length > 0 ? named : await writingAction(operation, choice, actions);
}

const shape = (arn: string): string => arn.replace(/\$\{[^}]*\}/g, "*").toLowerCase();

const bare = (name: string): string => singular(name.toLowerCase().replace(/[^a-z0-9]/g, ""));

/** Resources of an API have the API's path in their ARN (Service Authorization Reference, "API Gateway Management V2"). */
const apiPath = (type: string, known: TypeSpec): string => {
  const arn = "arn:${Partition}:apigateway:${Region}::";
  const parent = ["RestApiId", "ApiId", "UsagePlanId", "DomainName"].find((name) => known.properties[name]);
  const collections: Readonly<Record<string, string>> = {
    RestApiId: "restapis",
    ApiId: "apis",
    UsagePlanId: "usageplans",
    DomainName: "domainnames",
  };
  const own = `${nounOf(type)}s/\${Id}`;
  return parent === undefined ? `${arn}/${own}` : `${arn}/${collections[parent] ?? ""}/\${${parent}}/${own}`;
};

/** Returns the format of the ARN that IAM checks for the action on a resource of this type. */
async function formatOf(action: string, type: string, known: TypeSpec, actions: Actions): Promise<string> {
  if (action.startsWith("apigateway:")) return known.arn ?? apiPath(type, known);
  const own = known.arn;
  const details = await actions.details(action);
  if (details === undefined) return own?.split(":")[2] === action.split(":")[0] ? (own ?? "*") : "*";
  const required = details.resources.filter((each) => each.required);
  const candidates = required.length > 0 ? required : details.resources;
  if (own !== undefined && candidates.some((each) => shape(each.arn) === shape(own))) return own;
  const named = candidates.find((each) => bare(each.name) === nounOf(type));
  return (named ?? candidates[0])?.arn ?? "*";
}

/** Answers the certain calls of each handler, the main call first. */
export async function certainActions(
  type: string,
  known: TypeSpec,
  lists: Lists,
  prefix: string,
  actions: Actions,
): Promise<Handlers["certain"]> {
  const certain = async (operation: HandlerOperation): Promise<Readonly<Record<string, string>>> => {
    const choice = { listed: lists[operation], noun: nounOf(type), prefix };
    const tag = known.tags && tagAction(choice.listed.filter((action) => action.startsWith(`${prefix}:`)));
    const chosen = [...(await certainOf(operation, choice, actions)), ...(tag === undefined ? [] : [tag])];
    const formats = chosen.map(
      async (action) => [action, await formatOf(action, type, known, actions)] as const,
    );
    return Object.fromEntries(await Promise.all(formats));
  };
  return {
    create: await certain("create"),
    update: await certain("update"),
    delete: await certain("delete"),
  };
}
