/** Texts of a template that name an asset, as they have to be here: parts of the artifact, and images by their digest. */

import { isObject, type PlainValue } from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { cacheKeyAlias } from "#release/names/deployed-names.ts";
import { bucketToken, keyToken } from "#release/stack/asset-token.ts";
import type { Assets, ImageAsset } from "./assets.ts";

/** References by digest, by the asset's id or name. */
export type Images = Readonly<Record<string, string>>;

/** Places of files in a text, wherever it stands. */
export function withAssetLocations(text: string, { files }: Assets): string {
  const located = files.reduce((each, { bucket }) => each.replaceAll(wholeName(bucket), bucketToken), text);
  return files.reduce((each, { key, kind, path }) => each.replaceAll(key, keyToken(kind, path)), located);
}

/** A bucket's name and no other that begins or ends with it. */
const wholeName = (bucket: string): RegExp =>
  new RegExp(`(?<![\\w-])${bucket.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\w-])`, "g");

/**
 * Returns undefined if the text names no image asset. Throws `ImageMissing` for an image that was not built.
 */
export function imageFor(text: string, assets: Assets, images: Images): string | undefined {
  const asset = assets.images.find(({ repository, tag }) => text.endsWith(`/${repository}:${tag}`));
  if (asset === undefined) return undefined;
  const given = images[asset.id] ?? images[asset.name];
  if (given !== undefined) return given;
  const todo = `settings.images: {${JSON.stringify(asset.name)}: <repository>@sha256:<digest>}`;
  throw new ReleaseError(
    "ImageMissing",
    `The image asset ${asset.name} (${asset.id}) has to be built by your CI; expected ${todo}.`,
  );
}

/**
 * Assets are encrypted. A principal that reads the asset bucket also needs the cache's key, known by its
 * alias.
 */
export function withKey(statements: readonly PlainValue[], account: string): readonly PlainValue[] {
  const reads = statements.some(
    (each) => isObject(each) && JSON.stringify(each["Resource"] ?? null).includes(bucketToken),
  );
  if (!reads) return statements;
  const decrypt = {
    Effect: "Allow",
    Action: "kms:Decrypt",
    Resource: { "Fn::Sub": `arn:\${AWS::Partition}:kms:\${AWS::Region}:${account}:key/*` },
    Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": cacheKeyAlias } },
  };
  return [...statements, decrypt];
}

/** The repositories from which a role may pull: the images' own repositories, not the bootstrap stack's. */
export function repositoriesFor(
  resource: PlainValue,
  assets: Assets,
  images: Images,
): readonly string[] | undefined {
  const written = JSON.stringify(resource);
  if (!written.includes(":repository/")) return undefined;
  const named = assets.images.filter(({ repository }) => written.includes(JSON.stringify(repository)));
  const arns = named.flatMap((asset) => repositoryArn(asset, images));
  return arns.length === 0 ? undefined : [...new Set(arns)];
}

function repositoryArn({ id, name }: ImageAsset, images: Images): readonly string[] {
  const given = images[id] ?? images[name] ?? "";
  const [, account, region, repository] =
    /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([^@:]+)/.exec(given) ?? [];
  return account === undefined ? [] : [`arn:aws:ecr:${region}:${account}:repository/${repository}`];
}
