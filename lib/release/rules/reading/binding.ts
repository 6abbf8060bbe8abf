/** Tells whether the conditions of a statement bind it to the circle: to its accounts or to the organization. */
import { isObject, type PlainObject } from "#release/document/template-document.ts";
import type { Circle } from "#release/rules/rule.ts";
import type { Scope } from "./scope.ts";
import { type Doubt, hole, type Seen, textOf } from "./seen.ts";
import { itemsOf, valuesOf } from "./values.ts";

/**
 * Operators under which an absent key denies. `IfExists` and `ForAllValues` are true for an absent key, so
 * they bind nothing.
 */
const binding = /^(ForAnyValue:)?(StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike)$/;

type Judge = (seen: Seen, circle: Circle) => boolean | undefined;

const byOrganization: Judge = (seen, { organization }) =>
  organization === undefined ? undefined : decided(seen, textOf(seen) === organization);
const byPath: Judge = (seen, { organization }) =>
  organization === undefined
    ? undefined
    : textOf(seen).startsWith(`${organization}/`) || decided(seen, false);
const byAccount: Judge = (seen, { accounts }) => decided(seen, accounts.includes(textOf(seen)));

/** ARNs of S3 have no account, so only the name of a resource of this template proves whose it is. */
const byArn: Judge = (seen, { accounts }) => {
  const text = textOf(seen);
  if (seen.chosen) return false;
  if (text === hole) return seen.own ?? undefined;
  const account = text.split(":")[4] ?? "";
  if (/^\d{12}$/.test(account)) return accounts.includes(account);
  return account === "" && seen.own === true && text.startsWith("arn:") ? true : decided(seen, false);
};

const decided = (seen: Seen, answer: boolean): boolean | undefined =>
  textOf(seen).includes(hole) ? undefined : answer;

/** Keys are compared without regard to case, as IAM does. */
const judges: Readonly<Record<string, Judge>> = {
  "aws:principalorgid": byOrganization,
  "aws:sourceorgid": byOrganization,
  "aws:principalorgpaths": byPath,
  "aws:sourceorgpaths": byPath,
  "aws:principalaccount": byAccount,
  "aws:sourceaccount": byAccount,
  "aws:sourceowner": byAccount,
  "kms:calleraccount": byAccount,
  "s3:dataaccesspointaccount": byAccount,
  "aws:principalarn": byArn,
  "aws:sourcearn": byArn,
};

/** True if a condition admits the circle alone, false without such a condition, or the reason for a doubt. */
export function isBound(statement: PlainObject, scope: Scope, circle: Circle): boolean | Doubt {
  const answers = valuesOf(statement["Condition"], scope).flatMap((seen) =>
    isObject(seen.value) && seen.maybe === undefined
      ? Object.entries(seen.value).map(([operator, keys]) => operatorBinds(operator, keys, scope, circle))
      : [seen.doubt ?? seen.maybe ?? false],
  );
  if (answers.includes(true)) return true;
  return answers.find((answer): answer is Doubt => typeof answer === "object") ?? false;
}

function operatorBinds(
  operator: string,
  keys: PlainObject[string],
  scope: Scope,
  circle: Circle,
): boolean | Doubt {
  if (!binding.test(operator)) return false;
  const answers = valuesOf(keys, scope).flatMap(({ value, doubt }) =>
    isObject(value)
      ? Object.entries(value).map(([key, given]) => keyBinds(key, itemsOf(given, scope), circle))
      : [doubt ?? false],
  );
  if (answers.includes(true)) return true;
  return answers.find((answer): answer is Doubt => typeof answer === "object") ?? false;
}

/** Every value of the key has to belong to the circle, because each of them alone admits. */
function keyBinds(key: string, values: readonly Seen[], circle: Circle): boolean | Doubt {
  const judge = judges[key.toLowerCase()];
  if (judge === undefined || values.length === 0) return false;
  const answers = values.map((seen) => judge(seen, circle));
  if (answers.includes(false)) return false;
  const unclear = values[answers.indexOf(undefined)];
  if (unclear === undefined) return true;
  return unclear.doubt ?? { why: "the estate names no organization to compare with" };
}
