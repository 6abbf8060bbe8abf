/**
 * Reads an OpenID Connect token and checks its form, issuer, audience and expiry. It cannot check the
 * signature, because the cloud does not fetch the issuers' keys; it trusts the claims.
 */
import { AwsError } from "#cloud/kernel/aws-error.ts";

export type WebIdentity = {
  /** The issuer without `https://`, as in provider ARNs and condition keys. */
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
  /** All claims that are a string or a list of strings, by name. */
  readonly claims: Readonly<Record<string, string | readonly string[]>>;
};

const invalidToken = (message: string): AwsError => new AwsError("InvalidIdentityToken", message);

export function readToken(token: string, now: Date): WebIdentity {
  const claims = payloadOf(token);
  const { iss, sub, aud, exp } = claims;
  if (typeof iss !== "string" || !iss.startsWith("https://"))
    throw invalidToken("Missing a required claim: iss");
  if (typeof sub !== "string") throw invalidToken("Missing a required claim: sub");
  if (typeof exp !== "number") throw invalidToken("Missing a required claim: exp");
  if (exp * 1000 <= now.getTime())
    throw new AwsError(
      "ExpiredTokenException",
      `Token expired: current date/time ${Math.floor(now.getTime() / 1000)} must be before the expiration date/time ${exp}`,
    );
  const audiences = (Array.isArray(aud) ? aud : [aud]).filter((one) => typeof one === "string");
  if (audiences.length === 0) throw invalidToken("Missing a required claim: aud");
  return { issuer: iss.slice("https://".length), subject: sub, audiences, claims: textClaims(claims) };
}

function payloadOf(token: string): Readonly<Record<string, unknown>> {
  const parts = token.split(".");
  try {
    if (parts.length !== 3) throw new SyntaxError("three parts expected");
    const [header, payload] = parts.map((part): unknown =>
      part === parts[2] ? undefined : JSON.parse(Buffer.from(part, "base64url").toString("utf8")),
    );
    if (typeof header !== "object" || typeof payload !== "object" || payload === null)
      throw new SyntaxError("objects expected");
    return payload as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw Object.assign(
      invalidToken(
        "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)",
      ),
      { cause },
    );
  }
}

const textClaims = (claims: Readonly<Record<string, unknown>>): WebIdentity["claims"] =>
  Object.fromEntries(
    Object.entries(claims).filter(
      (entry): entry is [string, string | string[]] =>
        typeof entry[1] === "string" ||
        (Array.isArray(entry[1]) && entry[1].every((one) => typeof one === "string")),
    ),
  );
