/**
 * The people who want an estate published. A signer is the key of an object that S3 accepted: the bucket's policy
 * lets a caller write only a key that ends in its own `aws:userid`.
 */
import { sha256Hex } from "./digest.ts";

/**
 * `sso`: a role session of IAM Identity Center, which sets the session's name. `principal`: any other caller. A
 * caller chooses the session name of other roles, so all sessions of such a role are one person.
 */
const signerKinds = ["principal", "sso"] as const;
export type Signer = { readonly kind: (typeof signerKinds)[number]; readonly userId: string };

/** IAM Identity Center's roles have this path, which no caller can create (IAM Identity Center User Guide). */
export const ssoRolePath = "aws-reserved/sso.amazonaws.com/";
export const ssoRoleName = /^AWSReservedSSO_/;

export const signerPath = ({ kind, userId }: Signer): string => `${kind}/${userId}`;

/** Undefined for a name that no signer has. */
export function signerOf(path: string): Signer | undefined {
  const [kind, userId, ...rest] = path.split("/");
  const known = signerKinds.find((each) => each === kind);
  return known === undefined || !userId || rest.length > 0 ? undefined : { kind: known, userId };
}

/**
 * The ids of the people in records, without duplicates. An id tells people apart and is no name, so a record can
 * be kept. A session of Identity Center that also signed as a plain principal is still one person.
 */
export function peopleOf(signers: readonly Signer[]): readonly string[] {
  const sso = signers.filter(({ kind }) => kind === "sso");
  const ssoRoles = new Set(sso.map(uniqueId));
  const others = signers.filter((each) => each.kind === "principal" && !ssoRoles.has(uniqueId(each)));
  const texts = [...sso.map(sessionName), ...others.map(uniqueId)];
  return [...new Set(texts.map(callerId))].sort();
}

/** The id of a caller in a record that counts no people. */
export const callerId = (userId: string): string => sha256Hex(userId).slice(0, 16);

/** Identity Center gives a person a role for each permission set, and the same session name in all of them. */
const sessionName = ({ userId }: Signer): string => userId.slice(userId.indexOf(":") + 1);

/** IAM's id of the user or the role, without the session. */
const uniqueId = ({ userId }: Signer): string => userId.split(":")[0] ?? userId;
