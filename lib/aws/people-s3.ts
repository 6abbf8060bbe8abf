/** Keeps the ids and names of persons in the central bucket. Each object is written once, so two writers agree on an id. */
import { DeleteObjectCommand, GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { People } from "#ports/people.ts";
import { type Person, peopleKeys, personId } from "#release/people/person.ts";
import { isMissingObject, isNamed } from "./error-names.ts";
import { provesMissing } from "./missing-object.ts";
import { putOnce } from "./put-once.ts";

export function peopleS3(s3: S3Client, bucket: string): People {
  const write = (key: string, content: object): Promise<boolean> =>
    putOnce(s3, {
      Bucket: bucket,
      Key: key,
      Body: `${JSON.stringify(content)}\n`,
      ContentType: "application/json",
      CacheControl: "no-store",
    });
  const idAt = async (key: string, person: Person): Promise<string | undefined> => {
    try {
      const random = await fieldOf(s3, bucket, key, "random");
      return random === undefined ? undefined : personId(person, random);
    } catch (error) {
      if (await provesMissing(error, s3, bucket, key)) return undefined;
      throw error;
    }
  };
  return {
    record: async (account, person) => {
      const key = peopleKeys.key(account, person);
      const fresh = crypto.randomUUID();
      const first = await write(key, { schema: 1, random: fresh });
      const random = first ? fresh : ((await fieldOf(s3, bucket, key, "random")) ?? "");
      const id = personId(person, random);
      // An earlier run may have ended between the two writes.
      await write(peopleKeys.name(account, id), { schema: 1, id, ...person });
      return id;
    },
    find: (account, person) => idAt(peopleKeys.key(account, person), person),
    name: async (account, id) => {
      try {
        return await fieldOf(s3, bucket, peopleKeys.name(account, id), "name");
      } catch (error) {
        if (isMissingObject(error) || isNamed(error, "AccessDenied")) return undefined;
        throw error;
      }
    },
    // The name is deleted first. If that call fails, the key is still there, and a second call finds the name by it.
    erase: async (account, person) => {
      const key = peopleKeys.key(account, person);
      const id = await idAt(key, person);
      if (id === undefined) return undefined;
      for (const Key of [peopleKeys.name(account, id), key])
        await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
      return id;
    },
  };
}

async function fieldOf(
  s3: S3Client,
  Bucket: string,
  Key: string,
  field: "random" | "name",
): Promise<string | undefined> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  const content = JSON.parse((await Body?.transformToString()) ?? "{}") as Record<string, unknown>;
  const value = content[field];
  return typeof value === "string" ? value : undefined;
}
