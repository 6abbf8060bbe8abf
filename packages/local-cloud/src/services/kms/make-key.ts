/** Makes a new key with an id, an ARN and random key material. */
import { randomBytes, randomUUID } from "node:crypto";
import type { Key } from "./state.ts";

export function makeKey(
  properties: Pick<Key, "account" | "region" | "manager" | "description" | "policy"> & {
    readonly now: Date;
    readonly tags?: Key["tags"];
    readonly multiRegion?: boolean;
  },
): Key {
  const { now, tags = [], multiRegion = false, ...rest } = properties;
  const id = multiRegion ? `mrk-${randomUUID().replaceAll("-", "")}` : randomUUID();
  return {
    ...rest,
    id,
    arn: `arn:aws:kms:${properties.region}:${properties.account}:key/${id}`,
    createdAt: now,
    state: "Enabled",
    tags,
    ...(multiRegion && { multiRegion: { primary: properties.region, replicas: [] } }),
    material: [{ bytes: randomBytes(32), since: now }],
  };
}

/** The policy of a key that is created without one: the account allows access through IAM. */
export const defaultPolicy = (account: string): string =>
  JSON.stringify(
    {
      Version: "2012-10-17",
      Id: "key-default-1",
      Statement: [
        {
          Sid: "Enable IAM User Permissions",
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${account}:root` },
          Action: "kms:*",
          Resource: "*",
        },
      ],
    },
    undefined,
    2,
  );
