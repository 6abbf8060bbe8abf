/**
 * Checks the policies that IAM stores, in IAM's own words: identity policies name resources, trust policies
 * name principals.
 */
import { type Json, malformed, parsePolicy, readJson, statementsOf, strings } from "./policy-document.ts";

/** Checks a managed, boundary or session policy. */
export const checkIdentityPolicy = (text: string): void => checkStatements(checkCommon(text));

/**
 * Checks an inline policy. It may leave out its version, which then is 2008-10-17 (IAM User Guide, "IAM JSON policy
 * elements: Version"); AWS's own sample templates do.
 */
export const checkInlinePolicy = (text: string): void => checkStatements(checkCommon(text, false));

function checkStatements(statements: readonly Json[]): void {
  for (const statement of statements) {
    if (statement["Principal"] !== undefined || statement["NotPrincipal"] !== undefined)
      throw malformed("Policy document should not specify a principal.");
  }
  for (const statement of statements) {
    const resources = statement["Resource"] ?? statement["NotResource"];
    if (resources === undefined || strings(resources).length === 0)
      throw malformed("Policy statement must contain resources.");
    for (const resource of strings(resources)) checkResource(resource);
  }
}

/** Checks a role's trust policy. trust-principals.ts checks that its principals exist. */
export function checkTrustPolicy(text: string): void {
  for (const statement of checkCommon(text, false)) {
    for (const member of ["Resource", "NotResource"])
      if (statement[member] !== undefined) throw malformed(`Has prohibited field ${member}`);
    if (statement["Principal"] === undefined && statement["NotPrincipal"] === undefined)
      throw malformed("Missing required field Principal");
    const actions = statement["Action"] === undefined ? [] : strings(statement["Action"]);
    if (!actions.every((action) => /^sts:|^\*$/i.test(action)))
      throw malformed("AssumeRole policy may only specify STS AssumeRole actions.");
  }
}

/** A trust policy and an inline policy may leave out their version (CDK's bootstrap template does); a managed policy may not. */
function checkCommon(text: string, versionRequired = true): readonly Json[] {
  const document = readJson(text);
  parsePolicy(text);
  if (document["Version"] !== "2012-10-17" && (versionRequired || document["Version"] !== undefined))
    throw malformed("Policy document must be version 2012-10-17 or greater.");
  const statements = statementsOf(document);
  const sids = statements
    .map((statement) => statement["Sid"])
    .filter((sid) => sid !== undefined && sid !== "");
  if (new Set(sids).size < sids.length)
    throw malformed("Statement IDs (SID) in a single policy must be unique.");
  for (const statement of statements)
    for (const action of strings(statement["Action"] ?? statement["NotAction"])) checkAction(action);
  return statements;
}

function checkAction(action: string): void {
  if (action === "*") return;
  const [vendor = "", ...rest] = action.split(":");
  if (rest.length === 0)
    throw malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
  if (rest.length > 1) throw malformed("Actions/Condition can contain only one colon.");
  if (/[^a-zA-Z0-9\-.]/.test(vendor)) throw malformed(`Vendor ${vendor} is not valid`);
}

function checkResource(resource: string): void {
  if (resource === "*" || resource.startsWith("${")) return;
  const [arn, partition, service, region] = resource.split(":");
  if (arn !== "arn" || partition === undefined)
    throw malformed(`Resource ${resource} must be in ARN format or "*".`);
  if (partition !== "aws" && partition !== "*" && !partition.startsWith("aws-"))
    throw malformed(`Partition "${partition}" is not valid for resource "${resource}".`);
  if (service === undefined || service === "" || (/[*?]/.test(service) && service !== "*"))
    throw malformed("Resource vendor must be fully qualified and cannot contain regexes.");
  if (service === "iam" && region !== "" && region !== undefined)
    throw malformed(`IAM resource ${resource} cannot contain region information.`);
  if (service === "s3" && region !== "" && region !== undefined && !region.includes("*"))
    throw malformed(`Resource ${resource} can not contain region information.`);
}
