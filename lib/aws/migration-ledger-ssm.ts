/**
 * Stores the ledger of migrations: one parameter per migration below the application's path. Without
 * Overwrite, a parameter is created at most once.
 */
import { PutParameterCommand, paginateGetParametersByPath, type SSMClient } from "@aws-sdk/client-ssm";
import type { MigrationLedger } from "#ports/migration-ledger.ts";
import type { AccountInRegion } from "#ports/target.ts";

export const migrationLedgerSsm = (clientFor: (target: AccountInRegion) => SSMClient): MigrationLedger => ({
  read: async (target, Path) => {
    const found = new Map<string, string>();
    const pages = paginateGetParametersByPath({ client: clientFor(target) }, { Path });
    for await (const { Parameters = [] } of pages)
      for (const { Name = "", Value = "" } of Parameters) found.set(Name.slice(Path.length + 1), Value);
    return found;
  },
  record: async (target, path, name, Value) => {
    const Name = `${path}/${name}`;
    try {
      await clientFor(target).send(
        new PutParameterCommand({ Name, Value, Type: "String", Overwrite: false }),
      );
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === "ParameterAlreadyExists") return false;
      throw error;
    }
  },
});
