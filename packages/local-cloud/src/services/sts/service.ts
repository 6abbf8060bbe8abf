/**
 * AWS Security Token Service (STS) returns the caller's identity and issues temporary credentials for roles.
 */
import * as sdk from "@aws-sdk/client-sts";
import { openStsState } from "#cloud/iam/sts-state.ts";
import { defineService } from "#cloud/kernel/service.ts";
import { assumeRole } from "./assume-role.ts";
import { assumeRoleWithWebIdentity } from "./assume-role-with-web-identity.ts";
import { getAccessKeyInfo } from "./get-access-key-info.ts";
import { getCallerIdentity } from "./get-caller-identity.ts";
import { getSessionToken } from "./get-session-token.ts";

export const sts = defineService(
  // Credentials are valid in all regions, so the state is global.
  { name: "sts", sdk, protocols: ["query"], global: true, state: openStsState },
  {
    AssumeRole: assumeRole,
    AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity,
    GetAccessKeyInfo: getAccessKeyInfo,
    GetCallerIdentity: getCallerIdentity,
    GetSessionToken: getSessionToken,
  },
);
