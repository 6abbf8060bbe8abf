/**
 * Reads the image of an artifact from the three kinds of files that tools write. Only a digest names the same
 * image everywhere.
 */

import { isObject, type PlainValue } from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";

export type Image = { readonly uri: string; readonly container?: string };

const byDigest = /^[\w.-]+(:\d+)?(\/[\w.-]+)+@sha256:[0-9a-f]{64}$/;

/** Throws `ImageMalformed`, or `ImageNotImmutable` for an image with a tag. */
export function readImage(text: string, path: string): Image {
  const image = found(parse(text, path), path);
  if (byDigest.test(image.uri)) return image;
  const seen = `${path} names the image ${JSON.stringify(image.uri)}`;
  if (image.uri.includes("@"))
    throw new ReleaseError("ImageMalformed", `${seen}, whose digest is not a SHA-256.`);
  throw new ReleaseError(
    "ImageNotImmutable",
    `${seen}; a tag can point to another image before the release reaches production. Expected repository@sha256:…`,
  );
}

/**
 * `imagedefinitions.json` is a list of containers, `imageDetail.json` has ImageURI, and `image.json` is for
 * builds that write their own file.
 */
function found(json: PlainValue, path: string): Image {
  if (Array.isArray(json)) {
    const [only, ...others] = json as readonly PlainValue[];
    if (others.length > 0)
      throw new ReleaseError(
        "ImageMalformed",
        `${path} names ${others.length + 1} containers; expected one.`,
      );
    const { name, imageUri } = isObject(only) ? only : {};
    if (typeof imageUri === "string")
      return { uri: imageUri, ...(typeof name === "string" && { container: name }) };
  } else if (isObject(json)) {
    const { ImageURI, imageUri = ImageURI, image = imageUri } = json;
    if (typeof image === "string") return { uri: image };
  }
  throw new ReleaseError(
    "ImageMalformed",
    `${path} names no image; expected [{"name": …, "imageUri": …}], {"ImageURI": …} or {"image": …}.`,
  );
}

function parse(text: string, path: string): PlainValue {
  try {
    return JSON.parse(text.replace(/^\ufeff/, "")) as PlainValue;
  } catch (error) {
    throw new ReleaseError("ImageMalformed", `${path} is not JSON: ${String(error)}`, error);
  }
}
