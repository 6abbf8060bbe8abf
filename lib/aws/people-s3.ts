/**
 * Keeps the ids and names of persons in the central bucket. Two writers agree on an id, because the object of a key is
 * written once. It is marked when the name is there as well, so that a known person costs one call.
 */
import {
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { People } from "#ports/people.ts";
import { type Person, peopleKeys, personId } from "#release/people/person.ts";
import { isMissingObject, isNamed } from "./error-names.ts";
import { provesMissing } from "./missing-object.ts";
import { isWriteConflict, putOnce } from "./put-once.ts";

export function peopleS3(s3: S3Client, bucket: string): People {
  const put = (Key: string, content: object) => ({
    Bucket: bucket,
    Key,
    Body: `${JSON.stringify(content)}\n`,
    ContentType: "application/json",
    CacheControl: "no-store",
  });
  const write = (key: string, content: object): Promise<boolean> => putOnce(s3, put(key, content));
  const idAt = async (key: string, person: Person): Promise<string | undefined> => {
    try {
      const { random } = await contentOf(s3, bucket, key);
      return random === undefined ? undefined : personId(person, random);
    } catch (error) {
      if (await provesMissing(error, s3, bucket, key)) return undefined;
      throw error;
    }
  };
  return {
    record: async (account, person) => {
      const key = peopleKeys.key(account, person);
      const known = await knownAt(s3, bucket, key);
      if (known?.random !== undefined && known.named === true) return personId(person, known.random);
      const fresh = crypto.randomUUID();
      const first = known === undefined && (await write(key, { schema: 1, random: fresh }));
      const { random = "", tag } = first ? { random: fresh } : (known ?? (await contentOf(s3, bucket, key)));
      const id = personId(person, random);
      // An earlier run may have ended between the writes.
      await write(peopleKeys.name(account, id), { schema: 1, id, ...person });
      // A person who is erased meanwhile has no such object any more, and gets none.
      if (tag !== undefined) await replace(s3, put(key, { schema: 1, random, named: true }), tag);
      return id;
    },
    find: (account, person) => idAt(peopleKeys.key(account, person), person),
    name: async (account, id) => {
      try {
        return (await contentOf(s3, bucket, peopleKeys.name(account, id))).name;
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

type Content = {
  readonly random?: string;
  readonly name?: string;
  readonly named?: boolean;
  /** Changes with each write. */
  readonly tag?: string;
};

async function contentOf(s3: S3Client, Bucket: string, Key: string): Promise<Content> {
  const { Body, ETag } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  const content = JSON.parse((await Body?.transformToString()) ?? "{}") as Record<string, unknown>;
  const text = (field: string) => (typeof content[field] === "string" ? { [field]: content[field] } : {});
  return { ...text("random"), ...text("name"), named: content["named"] === true, ...(ETag && { tag: ETag }) };
}

/** Undefined also where the caller may not list the keys, and S3 answers 403: the write of a new object decides. */
async function knownAt(s3: S3Client, bucket: string, key: string): Promise<Content | undefined> {
  try {
    return await contentOf(s3, bucket, key);
  } catch (error) {
    if (isMissingObject(error) || isNamed(error, "AccessDenied")) return undefined;
    throw error;
  }
}

async function replace(s3: S3Client, input: PutObjectCommandInput, IfMatch: string): Promise<void> {
  try {
    await s3.send(new PutObjectCommand({ ...input, IfMatch }));
  } catch (error) {
    if (!isWriteConflict(error) && !isMissingObject(error)) throw error;
  }
}
