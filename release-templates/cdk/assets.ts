/** The assets of a CDK app: files that `cdk deploy` would upload, and images that it would build. */

import { isObject, type PlainObject, type PlainValue } from "#release/document/template-document.ts";
import type { AssemblyRequest } from "#release/stack/assembly.ts";
import { type CdkStack, unsupported } from "./cloud-assembly.ts";

type FileAsset = {
  /** Relative to the stack's template. */
  readonly path: string;
  readonly kind: "zip" | "file";
  /**
   * The location that the CDK gives it. The bucket's name may hold `${AWS::AccountId}` and similar variables.
   */
  readonly bucket: string;
  readonly key: string;
};

export type ImageAsset = {
  readonly id: string;
  readonly name: string;
  readonly repository: string;
  readonly tag: string;
};

export type Assets = { readonly files: readonly FileAsset[]; readonly images: readonly ImageAsset[] };

export async function readAssets(
  { text }: Pick<AssemblyRequest, "text">,
  { assets, name }: CdkStack,
): Promise<Assets> {
  const lists = await Promise.all(
    assets.map(async (path) => JSON.parse(await text(path, `The list of assets of ${name}`)) as PlainValue),
  );
  return {
    files: lists.flatMap((list) => entriesOf(list, "files").flatMap(filesOf)),
    images: lists.flatMap((list) => entriesOf(list, "dockerImages").flatMap(imagesOf)),
  };
}

const objectAt = (value: PlainValue | undefined, key: string): PlainObject => {
  const found = isObject(value) ? value[key] : undefined;
  return isObject(found) ? found : {};
};

const entriesOf = (list: PlainValue, kind: string): readonly [string, PlainValue][] =>
  Object.entries(objectAt(list, kind));

function filesOf([id, asset]: [string, PlainValue]): readonly FileAsset[] {
  const { path, packaging, executable } = objectAt(asset, "source");
  if (executable !== undefined)
    throw unsupported(`The asset ${nameOf(id, asset)} is made by a command when it is published.`);
  return Object.values(objectAt(asset, "destinations")).flatMap((destination) => {
    if (!isObject(destination)) return [];
    const kind = packaging === "zip" ? "zip" : "file";
    return {
      path: String(path),
      kind,
      bucket: String(destination["bucketName"]),
      key: String(destination["objectKey"]),
    };
  });
}

const imagesOf = ([id, asset]: [string, PlainValue]): readonly ImageAsset[] =>
  Object.values(objectAt(asset, "destinations")).flatMap((destination) => {
    if (!isObject(destination)) return [];
    const { repositoryName, imageTag } = destination;
    return { id, name: nameOf(id, asset), repository: String(repositoryName), tag: String(imageTag) };
  });

const nameOf = (id: string, asset: PlainValue): string => {
  const name = isObject(asset) ? asset["displayName"] : undefined;
  return typeof name === "string" ? name : id;
};
