/**
 * Defines the grants for the ledgers of migrations in a target's parameter store: the deploy role reads and
 * adds records, and no role changes or removes a record.
 */
import { allow, type Grant } from "#constructs/statements.ts";
import { ledgers } from "#release/names/deployed-names.ts";
import { here } from "./arns.ts";

const records = here("ssm", `parameter/${ledgers}*`);
const because = "Each application has a ledger, and each of its migrations has a record in the ledger.";

/** The grants of the deploy role. */
export const keepLedgers: readonly Grant[] = [
  allow(["ssm:GetParametersByPath"], [records], { because }),
  allow(["ssm:PutParameter"], [records], { because, when: { StringEquals: { "ssm:Overwrite": "false" } } }),
];
