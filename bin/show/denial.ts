/** Says in a sentence that a call was denied or had no bucket, with which credentials, and which role the command needs. */
import type { Denial, MissingBucket } from "#aws/denial.ts";

export type DeniedCommand = {
  /** @example "kedge history" */
  readonly command: string;
  /** The role that the command needs; undefined when it needs none. */
  readonly needs: string | undefined;
  /** The artifact bucket that the user named, in an option or in the environment. */
  readonly bucket: string | undefined;
};

/** The words of AWS follow, because they say which policy denies the call: the caller may have the role already. */
export const denialText = (denial: Denial, command: DeniedCommand): string =>
  `${denialSentence(denial, command)}\n  AWS: ${denial.message}`;

export function missingBucketText(
  { bucket, caller }: MissingBucket,
  { command, needs, bucket: named }: DeniedCommand,
): string {
  if (bucket === named) return `There is no bucket ${bucket}; check --bucket or KEDGE_ARTIFACT_BUCKET.`;
  const missing = `There is no bucket ${bucket}. ${shownCaller(caller)} asked for it.`;
  return needs === undefined ? missing : `${missing} Run ${command} as ${needs}.`;
}

function denialSentence({ caller, action, resource }: Denial, { command, needs }: DeniedCommand): string {
  const at = resource === undefined || resource === "*" ? "" : ` on ${resource}`;
  const denied = `${shownCaller(caller)} may not make ${action === undefined ? "a call" : `the call ${action}`}${at}.`;
  return needs === undefined ? denied : `${denied} Run ${command} as ${needs}.`;
}

/** The name of the role of a session. */
const roleOf = (arn: string | undefined): string | undefined =>
  /:assumed-role\/([^/]+)\//.exec(arn ?? "")?.[1];

/** @example "arn:aws:sts::111111111111:assumed-role/kedge-ci/ada" is "The role kedge-ci of the account 111111111111" */
function shownCaller(arn: string | undefined): string {
  const [, , , , account = "", path = ""] = arn?.split(":") ?? [];
  const role = roleOf(arn);
  if (role !== undefined) return `The role ${role} of the account ${account}`;
  return arn === undefined ? "Your credentials" : `The principal ${path} of the account ${account}`;
}
