/** Release template `database-migration`: an artifact with migrations only. An empty stack records them. */

import { migrationFiles } from "#release/artifact/migrations.ts";
import type { TemplateDocument } from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { ledgerPath } from "#release/names/names.ts";
import { pipelinePlan } from "#release/plan/plan-build.ts";
import { applicationStacks } from "#release/plan/plan-stacks.ts";
import type { Evidence, ReleaseTemplate } from "#release/template/template.ts";
import { migratingIn } from "#release/traits/migration-traits.ts";

export const databaseMigration: ReleaseTemplate = {
  name: "database-migration",
  version: "1.1.0",
  summary: "Migrations of a database, each run once per environment, in order.",
  rollback: { within: "minutes", by: "a further migration that takes back what the last one did" },
  entries: [
    { matches: /^migrations\/[^/]+\.sql$/, rank: 9, means: "migrations and nothing else", presence: true },
    {
      matches: /^(.+\/)migrations\/[^/]+\.sql$/,
      rank: 10,
      means: "migrations in a folder and nothing else",
      presence: true,
    },
  ],
  detect: ({ path }) => ({
    fits: true,
    reason: `${path} is a migration, and there is nothing else to deploy.`,
  }),
  describe: (evidence) => describe(evidence),
  plan: (request) =>
    pipelinePlan(request, (target) => {
      if (migratingIn(request.manifest.traits, target) !== undefined)
        return { steps: applicationStacks(request, target) };
      const seen = `The artifact is migrations only, and the traits name no function that runs them in ${target.environment}.`;
      throw new ReleaseError("MigrationsMalformed", seen);
    }),
  assemble: async () => ({
    stacks: [{ id: "", level: 0, path: "migrations.template.json", document: account("") }],
  }),
  configure: ({ release, target }) => ({
    values: { "": {} },
    documents: { "": account(ledgerPath(target.environment, release.line)) },
  }),
};

/** Throws `MigrationsMalformed`, also where the traits say nothing yet. */
function describe({ names, path }: Evidence): { readonly facts: { readonly folder: string } } {
  const folder = path.slice(0, path.lastIndexOf("/"));
  migrationFiles(names, folder);
  return { facts: { folder } };
}

/** The smallest template without resources that CloudFormation accepts. */
const account = (ledger: string): TemplateDocument => ({
  Description: "Kedge: migrations of a database that is not part of this stack",
  Resources: { Nothing: { Type: "AWS::CloudFormation::WaitConditionHandle" } },
  Outputs: { Ledger: { Description: "Where the parameter store has the records", Value: ledger } },
});
