/** Describes the key `aws/ssm`, which encrypts secure parameters, as a resource to try calls at. */
import type { AccountRole } from "./account-role.ts";
import { aKeyOfParameters, type ProbedResource } from "./resource.ts";

/**
 * The policy of the key `aws/ssm` lets each principal of the account decrypt through Systems Manager (KMS Developer
 * Guide, "AWS managed keys"). A role that reads a secure parameter needs no right on the key.
 */
export const keyOfParameters = ({ account, region, tenant }: AccountRole): ProbedResource => ({
  ...{ kind: aKeyOfParameters, service: "kms", types: ["key"], account, tenant },
  arn: `arn:aws:kms:${region}:${account}:key/of-parameters`,
  ofAws: {
    ...{ Effect: "Allow", Principal: { AWS: "*" }, Action: "kms:Decrypt", Resource: "*" },
    Condition: {
      StringEquals: { "aws:PrincipalAccount": account },
      StringLike: { "kms:ViaService": "ssm.*.amazonaws.com" },
    },
  },
});
