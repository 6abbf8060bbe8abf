/** A template with its local references replaced by the S3 locations they were published to. */

import {
  isObject,
  type PlainValue,
  type TemplateDocument,
  writeTemplate,
} from "#release/document/template-document.ts";
import { bucketToken, keyToken } from "./asset-token.ts";
import type { LocalReference } from "./local-reference.ts";

type S3Location = { readonly bucket: string; readonly key: string; readonly region: string };

type Rewrite = { readonly reference: LocalReference; readonly location: S3Location };

/** The document given is left as it is. */
export const rewriteTemplate = (document: TemplateDocument, rewrites: readonly Rewrite[]): TemplateDocument =>
  rewrites.reduce<TemplateDocument>(
    (rewritten, { reference, location }) =>
      replace(rewritten, reference.at, (old) => written(reference, location, old)) as TemplateDocument,
    document,
  );

/** A bucket's name needs no escaping in JSON. */
export const writeRewritten = (document: TemplateDocument, bucket: string): string =>
  writeTemplate(document).replaceAll(bucketToken, bucket);

function written(
  { form, kind, path }: LocalReference,
  { bucket, key, region }: S3Location,
  old: PlainValue,
): PlainValue {
  switch (form) {
    case "token":
      return kind === "template" ? old : String(old).replaceAll(keyToken(kind, path), key);
    case "uri":
      return `s3://${bucket}/${key}`;
    case "url":
      return `https://${bucket}.s3.${region}.amazonaws.com/${key}`;
    case "lambda":
      return { S3Bucket: bucket, S3Key: key };
    case "location":
      return { Bucket: bucket, Key: key };
  }
}

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
