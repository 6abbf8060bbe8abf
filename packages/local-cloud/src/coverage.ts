/**
 * Writes a page about the embedded cloud's coverage from its own lists: services, resource types, action
 * providers.
 */
import { absentProviders } from "./action-providers/absent.ts";
import { actionProviders } from "./action-providers/index.ts";
import { resourceTypes } from "./resource-types/index.ts";
import { services } from "./services/index.ts";
import { readSchemas } from "./wire/schema.ts";

export function coverage(): string {
  return [
    "# What the embedded cloud does",
    "",
    "Generated from its own lists by `npm run docs`. An operation that is not listed returns AWS's error, and the log names the file to add.",
    "",
    "## Services",
    "",
    "| service | operations | wire |",
    "|---|---|---|",
    ...services.map(({ name, sdk, operations, protocols }) => {
      const known = readSchemas(sdk).operations.size;
      const count = Object.keys(operations).length;
      // Without an SDK's schemas no client can call the service.
      return known === 0
        ? `| ${name} | ${count} | by CloudFormation only; nothing runs |`
        : `| ${name} | ${count} of ${known} | ${protocols.join(", ")} |`;
    }),
    "",
    ...services.flatMap(({ name, operations }) => [
      `### ${name}`,
      "",
      Object.keys(operations).sort().join(", "),
      "",
    ]),
    "## Resource types with behaviour",
    "",
    "Every other type of AWS's own schema is *recorded*: validated against the schema, given an id and attributes, without behaviour.",
    "It asks IAM for the calls that AWS's handler makes for every resource of the type: creating, changing, deleting, tagging, and passing a role. It does not ask for calls that only some properties need. Its events end with `Recorded only`.",
    "",
    ...resourceTypes
      .map(({ type }) => type)
      .sort()
      .map((type) => `- ${type}`),
    "",
    "## CodePipeline action providers",
    "",
    "| category | provider | |",
    "|---|---|---|",
    ...actionProviders.map(
      (provider) =>
        `| ${provider.categories.join(", ")} | ${provider.provider} | ${absentProviders.includes(provider) ? "configuration checked; the action fails" : "runs"} |`,
    ),
    "",
  ].join("\n");
}
