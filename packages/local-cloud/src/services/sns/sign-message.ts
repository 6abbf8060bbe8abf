/**
 * Signs the messages that SNS delivers, and serves the certificate that verifies them (SNS Developer Guide, "Verifying
 * the signatures of Amazon SNS messages"). The certificate is the cloud's own and its address is the cloud's, so a
 * client that accepts addresses of amazonaws.com only has to be told of it.
 */
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import type { Call } from "#cloud/kernel/service.ts";
import { selfSignedCertificate } from "./certificate.ts";
import type { SigningKey, SnsState } from "./state.ts";

/** One key signs for all accounts and regions. This account has no other use. */
const HOME = { account: "000000000000", region: "us-east-1" };
const KEY = "signing";

type StateOf = Call<SnsState>["stateOf"];

/** The members that a signature covers, in their order. An absent one is left out. */
const signed: Readonly<Record<string, readonly string[]>> = {
  Notification: ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"],
  SubscriptionConfirmation: [
    "Message",
    "MessageId",
    "SubscribeURL",
    "Timestamp",
    "Token",
    "TopicArn",
    "Type",
  ],
};

type Signature = {
  readonly SignatureVersion: string;
  readonly Signature: string;
  readonly SigningCertURL: string;
};

/** Version 1 signs with SHA-1, version 2 with SHA-256; a topic chooses by its attribute SignatureVersion. */
export function signMessage(
  message: Readonly<Record<string, unknown>>,
  version: string,
  { endpoint, stateOf }: { readonly endpoint: string; readonly stateOf: StateOf },
): Signature {
  const text = (signed[String(message["Type"])] ?? [])
    .filter((name) => message[name] !== undefined)
    .map((name) => `${name}\n${String(message[name])}\n`)
    .join("");
  const key = signingKey(stateOf);
  return {
    SignatureVersion: version,
    Signature: sign(version === "2" ? "sha256" : "sha1", Buffer.from(text), key.privateKey).toString(
      "base64",
    ),
    SigningCertURL: endpoint + pathOf(key),
  };
}

/** The certificate's document, at the path of `SigningCertURL`. */
export function signingCertificate(path: string, stateOf: StateOf): string | undefined {
  if (!path.startsWith("/SimpleNotificationService-")) return undefined;
  const key = stateOf(HOME.account, HOME.region).signingKeys.get(KEY);
  return key !== undefined && path === pathOf(key) ? key.certificate : undefined;
}

const pathOf = ({ certificate }: SigningKey): string =>
  `/SimpleNotificationService-${createHash("sha256").update(certificate).digest("hex").slice(0, 32)}.pem`;

/** The key is made for the first message, and kept, so that a message in a queue can be verified after a restart. */
function signingKey(stateOf: StateOf): SigningKey {
  const { signingKeys } = stateOf(HOME.account, HOME.region);
  const known = signingKeys.get(KEY);
  if (known !== undefined) return known;
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  return signingKeys.set(KEY, {
    privateKey,
    certificate: selfSignedCertificate("sns.amazonaws.com", privateKey),
  });
}
