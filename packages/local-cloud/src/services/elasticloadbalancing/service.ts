/**
 * Elastic Load Balancing, as far as CloudFormation calls it for target groups and rules: who may is decided as on AWS,
 * and no call is ever balanced. Clients from outside are answered as for any operation that is not there.
 */
import type { Operation, Service } from "#cloud/kernel/service.ts";

type Input = { readonly ResourceArn: string };

/** Each of these concerns one resource, named by what calls it. */
const on = (action: string): Operation<never, unknown, never> =>
  ({
    access: ({ ResourceArn }: Input) => ({
      action: `elasticloadbalancing:${action}`,
      resource: ResourceArn,
    }),
    run: () => ({}),
  }) as Operation<never, unknown, never>;

const names = [
  "CreateRule",
  "CreateTargetGroup",
  "DeleteRule",
  "DeleteTargetGroup",
  "ModifyRule",
  "ModifyTargetGroup",
] as const;

export const elasticloadbalancing: Service = {
  name: "elasticloadbalancing",
  sdk: {},
  protocols: ["query"],
  xmlNamespace: "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/",
  state: () => ({}),
  operations: Object.fromEntries(names.map((name) => [name, on(name)])),
};
