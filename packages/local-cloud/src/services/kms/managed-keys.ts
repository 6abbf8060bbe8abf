/**
 * Makes an AWS managed key, `alias/aws/<service>`, at its first use. Principals of the account use it through
 * that service.
 */
import { makeKey } from "./make-key.ts";
import type { Key, KmsCall } from "./state.ts";

const SERVICES = new Set(
  "acm backup codecommit codebuild dynamodb ebs elasticfilesystem es glue kinesis lambda logs rds s3 secretsmanager sns sqs ssm".split(
    " ",
  ),
);

export function managedKey(
  service: string,
  account: string,
  region: string,
  call: KmsCall,
): { readonly id: string } {
  if (!SERVICES.has(service)) return { id: "" };
  const state = call.stateOf(account, region);
  const key: Key = makeKey({
    account,
    region,
    now: call.clock.now(),
    manager: "AWS",
    description: `Default key that protects my ${service} data when no other key is defined`,
    policy: policyOf(service, account, region),
  });
  state.keys.set(key.id, key);
  const now = call.clock.now();
  state.aliases.set(`alias/aws/${service}`, {
    name: `alias/aws/${service}`,
    keyId: key.id,
    createdAt: now,
    updatedAt: now,
  });
  return key;
}

const policyOf = (service: string, account: string, region: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Id: `auto-${service}-1`,
    Statement: [
      {
        Sid: `Allow access through ${service} for all principals in the account that are authorized to use it`,
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: [
          "kms:Encrypt",
          "kms:Decrypt",
          "kms:ReEncrypt*",
          "kms:GenerateDataKey*",
          "kms:CreateGrant",
          "kms:DescribeKey",
        ],
        Resource: "*",
        Condition: {
          StringEquals: {
            "kms:CallerAccount": account,
            "kms:ViaService": `${service}.${region}.amazonaws.com`,
          },
        },
      },
      {
        Sid: "Allow direct access to key metadata to the account",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: ["kms:Describe*", "kms:Get*", "kms:List*", "kms:RevokeGrant"],
        Resource: "*",
      },
    ],
  });
