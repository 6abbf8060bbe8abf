/**
 * Serves the calls of CloudFormation to Elastic Load Balancing for target groups and rules. IAM decides as on
 * AWS, but no load balancer runs. A client from outside gets the error of an unknown operation.
 */
import type { Operation, Service } from "#cloud/kernel/service.ts";

type Input = { readonly ResourceArn: string };

/** Makes an operation on one resource, whose ARN the resource type passes. */
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
