/**
 * Checks that the planning role changes no resource and reads no secret: a configuration without an approval
 * runs as this role.
 */
import { worksInFurtherRegions } from "#access/account-role.ts";
import { roles } from "#release/names/deployed-names.ts";
import type { Invariant } from "./invariant.ts";
import { neededBy } from "./needed.ts";

const reads = /^[a-z0-9-]+:(Get|List|Describe|BatchGetImage|BatchCheckLayerAvailability|GET$)/;

/** Actions whose answers contain secrets or stored data of applications. */
const content =
  /^(s3:GetObject|secretsmanager:(GetSecretValue|BatchGetSecretValue|GetRandomPassword)|ssm:GetParameter|kms:Decrypt|dynamodb:(GetItem|BatchGetItem|GetRecords|Query|Scan)|kinesis:Get(Records|ShardIterator)|logs:Get(LogEvents|QueryResults|LogRecord)|states:GetExecutionHistory|sqs:ReceiveMessage)/;

/** API Gateway has one read action for every resource. */
const answersWithSecrets: ReadonlySet<string> = new Set(["an API key", "a usage plan's key"]);

export const plansOnlyRead: Invariant = {
  name: "plans-only-read",
  sentence:
    "The planning role writes only its plan and its log, and reads no secret except the state of a configuration.",
  objection: (probe, { needs, accountRoles }) => {
    const { actor, action, resource } = probe;
    if (actor.name !== roles.plan) return undefined;
    const there = !resource.further || worksInFurtherRegions(accountRoles, actor.account);
    if (there && neededBy(needs, probe)) return undefined;
    if (resource.account !== actor.account) return "it is another account's";
    if (content.test(action) || answersWithSecrets.has(resource.kind))
      return "no plan reads it before the approval";
    return reads.test(action) ? undefined : "nothing changes before the approval";
  },
};
