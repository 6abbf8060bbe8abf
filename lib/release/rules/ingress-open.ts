/**
 * Lists security groups that let the internet in. A load balancer needs that, and the approver sees it. The rule
 * `ingress-database` has the ports of databases.
 */
import { groupWith } from "./ingress-example.ts";
import { databasesAt } from "./reading/database-ports.ts";
import { type OpenIngress, openIngress } from "./reading/ingress.ts";
import type { Rule } from "./rule.ts";

const group = (CidrIp: string) => groupWith("web", 443, CidrIp);

export const ingressOpen: Rule = {
  says: "No security group lets the internet in at other ports.",
  severity: { protected: "show", others: "show" },
  examples: { passes: group("10.0.0.0/8"), fails: group("0.0.0.0/0") },
  find: ({ resource, scope }) =>
    openIngress(resource, scope)
      .filter(({ ports }) => databasesAt(ports).length === 0)
      .map(({ property, undecided, ...opening }) => ({
        property,
        seen: `lets the internet in ${shown(opening)}`,
        ...(undecided && { undecided }),
      })),
};

function shown({ block, ports: [from, to] }: Pick<OpenIngress, "block" | "ports">): string {
  if (from < 0) return `(${block}, ICMP)`;
  return from === to ? `(${block}, port ${from})` : `(${block}, ports ${from} to ${to})`;
}
