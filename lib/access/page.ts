/**
 * Renders the analysis as a page for a security reviewer. `npm run docs` writes docs/access.md from the
 * example estate.
 */

import { isObject } from "@kedge/local-cloud/cloudformation/json";
import type { Analysis } from "./analysis.ts";
import { assumptions } from "./assumptions.ts";
import { betweenApplications } from "./between-applications.ts";
import { strings } from "./deployed-estate.ts";
import { holdersOf } from "./holders.ts";
import { sentences } from "./invariants/sentences.ts";
import { accepted } from "./needs/accepted.ts";
import { startsOf } from "./paths.ts";
import { rightsByName, shortly } from "./rights.ts";
import type { Violation } from "./violation.ts";

export function accessPage(analysis: Analysis, violations: readonly Violation[]): string {
  const { relation } = analysis;
  return [
    "# Who can do what where",
    "",
    "`npm run docs` computes this page from the synthesized templates of [the example estate](../examples/estate.yml): control plane,",
    "launch roles, anchor and target, in each account and each region of an environment. The embedded cloud evaluates every call against",
    "the identity policies, the boundary, the trust policies, the policies of buckets, keys, queues and event buses, and the Lambda permissions.",
    "`npx kedge access --estate FILE` does the same for any estate, and exits with 1 when an invariant is violated.",
    "",
    "## What must hold",
    "",
    "| | invariant | |",
    "|---|---|---|",
    ...sentences.map(({ name, sentence }) => {
      const broken = violations.some(({ invariant }) => invariant === name);
      return `| ${broken ? "✘" : "✔"} | \`${name}\` | ${sentence} |`;
    }),
    "",
    "A path starts where the people and the code of a dev team can act: " +
      `${[...new Set(startsOf(analysis).map(({ name }) => name))].join("; ")}. An application's template has`,
    "the rights of the execution role and of the most powerful role that it can create. A template that waits for an approval starts no path.",
    "",
    "## Capabilities and who holds them",
    "",
    "| capability: to … | held by | reason |",
    "|---|---|---|",
    ...holdersOf(relation.allowed).map(
      ({ capability: { name, why }, by }) => `| ${name} | ${codes(by) || "administrators only"} | ${why} |`,
    ),
    "",
    "## Who may become whom",
    "",
    "| role | principals that may assume it |",
    "|---|---|",
    ...trustRows(analysis),
    "",
    "## Who may do what",
    "",
    "Roles of the same name have the same rights, each in its own account. A *foreign* resource is one that Kedge did not create. The",
    "analysis has a foreign resource of each kind in every account.",
    "",
    ...[...rightsByName(relation.allowed)].flatMap(([name, rights]) => [
      `### ${name}`,
      "",
      "| resource | calls |",
      "|---|---|",
      ...rights.map(({ at, actions }) => `| ${at} | ${shortly(actions)} |`),
      "",
    ]),
    ...betweenSection(analysis),
    "## Granted without being called",
    "",
    ...accepted.map(({ who, because, at }) => `- \`${who}\` at ${at.join(", ")}: ${because}`),
    "",
    "## What is assumed",
    "",
    ...assumptions.map((each) => `- ${each}`),
    "",
  ].join("\n");
}

function betweenSection({ services, relation }: Analysis): readonly string[] {
  const rows = betweenApplications(services, relation.allowed);
  return [
    "## Between applications of one account",
    "",
    "The caller is a role of an application. Its own policy allows every call, and the boundary limits it. *Own* calls reach the resources of its own",
    "application alone: IAM compares the tag `kedge:app`, which CloudFormation gives every resource of a stack. *Refused* calls reach no",
    "resource. *Shared* calls reach the resources of other applications too. CloudFormation's execution role and Kedge's roles are not applications.",
    "",
    "| service | own | refused | shared | reason |",
    "|---|---|---|---|---|",
    ...rows.flatMap(({ service, own, denied, shared }) => {
      const reasons = [...Map.groupBy(shared, ({ because }) => because)];
      const first = `| ${service} | ${own.length} | ${denied.length} |`;
      if (reasons.length === 0) return [`${first} | |`];
      return reasons.map(([because, calls], at) => {
        const names = [...new Set(calls.map(({ action }) => action.slice(service.length + 1)))].sort();
        const text = names.length > 12 ? `${names.length} calls at ${typesOf(calls)}` : names.join(", ");
        return `${at === 0 ? first : "| | | |"} ${text} | ${because} |`;
      });
    }),
    "",
  ];
}

const typesOf = (calls: readonly { readonly type: string }[]): string =>
  [...new Set(calls.map(({ type }) => type))].join(", ");

const codes = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(", ");

function trustRows({ estate }: Analysis): readonly string[] {
  const byName = Map.groupBy(estate.roles, ({ name }) => name);
  return [...byName]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, roles]) => {
      const shown = roles.flatMap(({ trust, account }) =>
        (estate.policies.get(trust)?.statements ?? []).map(({ Principal, Condition }) => {
          const who = isObject(Principal)
            ? Object.values(Principal).flatMap(strings).join(", ").replaceAll(account, "<its account>")
            : String(Principal);
          const text =
            Condition === undefined
              ? ""
              : ` when ${JSON.stringify(Condition).replaceAll(account, "<its account>")}`;
          return `${who}${text}`.replace(/\d{12}/g, "<the account it serves>");
        }),
      );
      return `| \`${name}\` | ${[...new Set(shown)].join("<br>")} |`;
    });
}
