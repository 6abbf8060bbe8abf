/**
 * Decides whether a bucket policy is public in the sense of S3 Block Public Access. (S3 User Guide, "Blocking
 * public access to your Amazon S3 storage")
 */

import { isObject, type Json, statementsOf } from "#cloud/iam/policy-document.ts";
import { remember } from "#cloud/kernel/remember.ts";

/** The condition keys that restrict the callers if their values are fixed. */
const RESTRICTING_KEYS = new Set(
  "aws:sourceip aws:sourcearn aws:sourcevpc aws:sourcevpce aws:sourceowner aws:sourceaccount aws:sourceorgid aws:sourceorgpaths aws:userid aws:principalorgid aws:principalorgpaths aws:principalarn aws:principalaccount s3:dataaccesspointaccount s3:dataaccesspointarn s3:x-amz-server-side-encryption-aws-kms-key-id".split(
    " ",
  ),
);
const RESTRICTING_OPERATORS =
  /^(ForAnyValue:)?(String(Equals|EqualsIgnoreCase|Like)|Arn(Equals|Like)|IpAddress)$/;

/** Every call of a bucket with a policy asks it. */
const known = remember<boolean>(100);

export const isPublicPolicy = (policy: string): boolean =>
  known(policy, () => {
    const document: unknown = JSON.parse(policy);
    return isObject(document) && statementsOf(document).some(isPublicStatement);
  });

function isPublicStatement(statement: Json): boolean {
  if (statement["Effect"] !== "Allow") return false;
  const principal = statement["Principal"];
  if (principal !== "*" && !(isObject(principal) && listOf(principal["AWS"]).includes("*")))
    return statement["NotPrincipal"] !== undefined;
  const conditions = isObject(statement["Condition"]) ? Object.entries(statement["Condition"]) : [];
  return !conditions.some(
    ([operator, keys]) =>
      RESTRICTING_OPERATORS.test(operator) &&
      isObject(keys) &&
      Object.entries(keys).some(
        ([key, values]) => RESTRICTING_KEYS.has(key.toLowerCase()) && listOf(values).every(isFixed),
      ),
  );
}

/** `arn:aws:iam::123456789012:*` counts as fixed. `*`, `0.0.0.0/0` and policy variables do not. */
const isFixed = (value: unknown): boolean => {
  const text = String(value);
  return !/^[*?:/]*$/.test(text) && !text.includes("${") && !/^(0\.0\.0\.0|::)\/[0-7]$/.test(text);
};

const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];
