/** Finds security groups that let the internet in at the ports of databases, caches and brokers. */
import { groupWith } from "./ingress-example.ts";
import { databasesAt } from "./reading/database-ports.ts";
import { openIngress } from "./reading/ingress.ts";
import type { Rule } from "./rule.ts";

const group = (CidrIp: string) => groupWith("database", 5432, CidrIp);

export const ingressDatabase: Rule = {
  says: "No security group lets the internet in at the port of a database.",
  severity: { protected: "refuse", others: "warn" },
  examples: { passes: group("10.0.0.0/8"), fails: group("0.0.0.0/0") },
  find: ({ resource, scope }) =>
    openIngress(resource, scope).flatMap(({ property, block, ports: [from, to], undecided }) => {
      const [first, ...more] = databasesAt([from, to]);
      if (first === undefined) return [];
      const seen =
        more.length === 0
          ? `lets the internet (${block}) in at port ${first}`
          : `lets the internet (${block}) in at ports of databases (${from} to ${to})`;
      return [{ property, seen, ...(undecided && { undecided }) }];
    }),
};
