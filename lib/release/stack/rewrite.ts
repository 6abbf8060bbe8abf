/** A template with its local references replaced by the S3 locations they were published to. */

import {
  isObject,
  type PlainValue,
  type TemplateDocument,
  writeTemplate,
} from "#release/document/template-document.ts";
import { bucketToken, keyToken } from "./asset-token.ts";
import { type LocalReference, locationForms, siblingVersion } from "./local-reference.ts";

type S3Location = {
  readonly bucket: string;
  readonly key: string;
  readonly region: string;
  readonly versionId: string;
};

type Rewrite = { readonly reference: LocalReference; readonly location: S3Location };

/** The document given is left as it is. */
export const rewriteTemplate = (document: TemplateDocument, rewrites: readonly Rewrite[]): TemplateDocument =>
  rewrites.reduce<TemplateDocument>((rewritten, { reference, location }) => {
    const { at } = reference;
    const named = replace(rewritten, at, (old) => written(reference, location, old)) as TemplateDocument;
    const version = reference.form === "token" ? tokenVersion(document, reference) : undefined;
    return version === undefined
      ? named
      : (replace(named, version, () => location.versionId) as TemplateDocument);
  }, document);

/** A bucket's name needs no escaping in JSON. */
export const writeRewritten = (document: TemplateDocument, bucket: string): string =>
  writeTemplate(document).replaceAll(bucketToken, bucket);

/** True when the written reference names the version of its object. */
export function namesVersion(document: TemplateDocument, reference: LocalReference): boolean {
  const { form } = reference;
  if (form === "token") return tokenVersion(document, reference) !== undefined;
  return form === "url" || "version" in locationForms[form];
}

function tokenVersion(
  document: TemplateDocument,
  { at, kind, path }: LocalReference,
): readonly string[] | undefined {
  if (kind === "template") return undefined;
  const whole = valueAt(document, at) === keyToken(kind, path);
  return whole ? siblingVersion(document, at) : undefined;
}

function written(
  { form, kind, path }: LocalReference,
  { bucket, key, region, versionId }: S3Location,
  old: PlainValue,
): PlainValue {
  switch (form) {
    case "token":
      return kind === "template" ? old : String(old).replaceAll(keyToken(kind, path), key);
    case "uri":
      return `s3://${bucket}/${key}`;
    case "url":
      return `https://${bucket}.s3.${region}.amazonaws.com/${key}?versionId=${versionId}`;
    case "lambda":
      return { S3Bucket: bucket, S3Key: key, S3ObjectVersion: versionId };
    case "bundle":
      return { S3Bucket: bucket, S3Key: key };
    case "location":
      return { Bucket: bucket, Key: key, Version: versionId };
    case "repository":
      return { Bucket: bucket, Key: key, ObjectVersion: versionId };
  }
}

const valueAt = (
  value: PlainValue | undefined,
  [step, ...rest]: readonly string[],
): PlainValue | undefined => {
  if (step === undefined) return value;
  if (Array.isArray(value)) return valueAt((value as readonly PlainValue[])[Number(step)], rest);
  return isObject(value) ? valueAt(value[step], rest) : undefined;
};

function replace(
  value: PlainValue,
  [step, ...rest]: readonly string[],
  by: (old: PlainValue) => PlainValue,
): PlainValue {
  if (step === undefined) return by(value);
  if (Array.isArray(value)) {
    return (value as readonly PlainValue[]).map((item, index) =>
      String(index) === step ? replace(item, rest, by) : item,
    );
  }
  if (!isObject(value)) return value;
  return { ...value, [step]: replace(value[step] ?? null, rest, by) };
}
