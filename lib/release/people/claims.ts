/**
 * The origin of an artifact as its CI claims it: metadata of the uploaded object, `x-amz-meta-kedge-*`. A claim is
 * bounded and never trusted: it is worth as much as the identity of the uploader.
 */

export type Claims = {
  readonly commit?: string;
  /** A name. Records get the id of this person instead. */
  readonly author?: string;
  /** The address of the CI's run. */
  readonly run?: string;
};

const claimKeys = { commit: "kedge-commit", author: "kedge-author", run: "kedge-run" } as const;

/** S3's limit for all metadata of an object is 2 KB (S3 User Guide, "Working with object metadata"). */
const longest = 500;
/** A value of another form is left out: results cannot be deleted, and the value may be a secret. */
const forms: Readonly<Record<keyof Claims, RegExp>> = {
  commit: /^[0-9A-Za-z][0-9A-Za-z._/-]{0,99}$/,
  author: /\S/,
  run: /^https?:\/\/[^\s@?#]+([?#][^\s]*)?$/,
};

export function claimsIn(metadata: Readonly<Record<string, string>>): Claims | undefined {
  const found = (["commit", "author", "run"] as const).flatMap((name) => {
    const value = metadata[claimKeys[name]]?.trim().slice(0, longest) ?? "";
    return forms[name].test(value) ? [[name, value] as const] : [];
  });
  return found.length === 0 ? undefined : (Object.fromEntries(found) as Claims);
}

/** The metadata of an upload. A value that Kedge would not read is left out. */
export const claimsMetadata = (claims: Claims): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (["commit", "author", "run"] as const).flatMap((name) => {
      const value = claims[name];
      return value === undefined || !forms[name].test(value) ? [] : [[claimKeys[name], value]];
    }),
  );
