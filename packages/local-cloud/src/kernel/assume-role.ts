/** Calls AssumeRole of STS for a service that works with a role, and returns the session with its credentials. */
import { randomUUID } from "node:crypto";
import { AwsError } from "./aws-error.ts";
import { accountOf, sourceOf } from "./caller.ts";
import type { Clock } from "./clock.ts";
import type { Cloud, Credentials } from "./cloud-type.ts";
import type { Identities } from "./identity.ts";
import type { RoleSession } from "./principal.ts";
import type { RunCall } from "./run-call.ts";

export function assumeRoleBy(call: RunCall, identities: Identities, clock: Clock): Cloud["assumeRole"] {
  return async ({ roleArn, sessionName, principal, region, durationSeconds }) => {
    const output = (await call(
      {
        service: "sts",
        operation: "AssumeRole",
        input: {
          RoleArn: roleArn,
          RoleSessionName: sessionName,
          ...(durationSeconds && { DurationSeconds: durationSeconds }),
        },
        principal,
        account: principal.kind === "service" ? (roleArn.split(":")[4] ?? "") : accountOf(principal),
        region,
      },
      { requestId: randomUUID(), sourceIp: sourceOf(principal) },
    )) as {
      Credentials?: {
        AccessKeyId?: string;
        SecretAccessKey?: string;
        SessionToken?: string;
        Expiration?: Date;
      };
    };
    const issued = output.Credentials;
    const credentials: Credentials = {
      accessKeyId: issued?.AccessKeyId ?? "",
      secretAccessKey: issued?.SecretAccessKey ?? "",
      sessionToken: issued?.SessionToken ?? "",
      expiration: issued?.Expiration ?? clock.now(),
    };
    const session = identities.find(credentials.accessKeyId)?.principal;
    if (session?.kind !== "role")
      throw new AwsError(
        "InternalFailure",
        `The session of ${roleArn} could not be found after it was issued.`,
        500,
      );
    return { session: session satisfies RoleSession, credentials };
  };
}
