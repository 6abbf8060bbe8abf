/**
 * Holds the transform's working state: the resources created so far, and the new names of SAM's resources.
 */
import { createHash } from "node:crypto";
import { isList, isObject, type Json, type JsonObject } from "#cloud/cloudformation/json.ts";

export type SamResource = {
  readonly Type: string;
  readonly Properties: JsonObject;
  /** The attributes of the source resource that each resource made from it inherits. */
  readonly attributes: JsonObject;
};

/** A route of an API, collected from functions' events. */
export type Route = {
  readonly path: string;
  readonly method: string;
  readonly function: string;
  readonly alias?: string;
  readonly auth?: Json;
  readonly kind: "rest" | "http";
  readonly payload?: Json;
};

export type Expansion = {
  readonly resources: Map<string, JsonObject>;
  /** The target of references such as `Fn.Alias`, `Fn.Version`, `Layer` and `Api.Stage`. */
  readonly renamed: Map<string, string>;
  /** By the API's logical id. */
  readonly routes: Map<string, Route[]>;
  readonly parameters: Readonly<Record<string, Json>>;
};

export const digest = (value: unknown, algorithm: "sha1" | "sha256" = "sha256"): string =>
  createHash(algorithm)
    .update(typeof value === "string" ? value : JSON.stringify(value))
    .digest("hex")
    .slice(0, 10);

export const object = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
export const list = (value: Json | undefined): readonly Json[] =>
  isList(value) ? value : value === undefined ? [] : [value];

/** Returns the members that have a value. */
export const members = (value: Readonly<Record<string, Json | undefined>>): JsonObject =>
  Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined),
  );

export const getAtt = (id: string, attribute: string): JsonObject => ({ "Fn::GetAtt": [id, attribute] });
export const ref = (id: string): JsonObject => ({ Ref: id });

/** Replaces the `{"Ref": P}` of a parameter by its value, where the transform needs a value. */
export function plain(value: Json | undefined, expansion: Expansion): Json | undefined {
  const name = isObject(value) ? value["Ref"] : undefined;
  return typeof name === "string" && Object.hasOwn(expansion.parameters, name)
    ? expansion.parameters[name]
    : value;
}

/** Reads `s3://bucket/key?versionId=v` or the object form as bucket, key and version. */
export function s3Uri(
  value: Json | undefined,
  expansion: Expansion,
): { readonly Bucket: Json; readonly Key: Json; readonly Version?: Json } | undefined {
  const uri = plain(value, expansion);
  if (isObject(uri) && uri["Bucket"] !== undefined && uri["Key"] !== undefined) {
    return {
      Bucket: uri["Bucket"],
      Key: uri["Key"],
      ...(uri["Version"] === undefined ? {} : { Version: uri["Version"] }),
    };
  }
  const match = typeof uri === "string" ? /^s3:\/\/([^/]+)\/([^?]+)(?:\?versionId=(.+))?$/.exec(uri) : null;
  if (!match) return undefined;
  const [, Bucket = "", Key = "", Version] = match;
  return { Bucket, Key, ...(Version === undefined ? {} : { Version }) };
}

export const badUri = (property: string): string =>
  `'${property}' is not a valid S3 Uri of the form 's3://bucket/key' with optional versionId query parameter.`;

export const samTags = (tags: Json | undefined): readonly JsonObject[] => [
  { Key: "lambda:createdBy", Value: "SAM" },
  ...Object.entries(object(tags)).map(([Key, Value]) => ({ Key, Value })),
];
