/** Opens a role session: checks its duration and its policies, and issues its credentials. */
import type { AssumedRoleUser, Credentials, PolicyDescriptorType } from "@aws-sdk/client-sts";
import { checkIdentityPolicy } from "#cloud/iam/policy-checks.ts";
import { AwsError, isAwsError } from "#cloud/kernel/aws-error.ts";
import type { RoleSession } from "#cloud/kernel/principal.ts";
import { issue } from "./issue.ts";
import { askIam, checkDuration, invalid, type StsCall } from "./operation.ts";
import type { RoleArn } from "./role-arn.ts";

/** The fields of an IAM role that STS reads. */
export type IamRole = {
  readonly RoleName: string;
  readonly RoleId: string;
  readonly Arn: string;
  readonly MaxSessionDuration: number;
  readonly AssumeRolePolicyDocument: string;
};

type SessionRequest = {
  readonly role: IamRole;
  readonly account: string;
  readonly sessionName: string;
  readonly durationSeconds: number | undefined;
  readonly policy: string | undefined;
  readonly policyArns: readonly PolicyDescriptorType[] | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly sourceIdentity: string | undefined;
  /** The caller is itself a session of another role. */
  readonly chained: boolean;
};

type OpenedSession = {
  readonly Credentials: Credentials;
  readonly AssumedRoleUser: AssumedRoleUser & { AssumedRoleId: string };
  readonly PackedPolicySize?: number;
};

const PACKED_LIMIT = 2048;

export const roleOf = async (call: StsCall, { account, name }: RoleArn): Promise<IamRole> =>
  (await askIam<{ Role: IamRole }>(call, account, "GetRole", { RoleName: name })).Role;

export async function openSession(call: StsCall, request: SessionRequest): Promise<OpenedSession> {
  const { role, account, sessionName, durationSeconds = 3600, policy } = request;
  checkDuration(durationSeconds, 43_200);
  if (request.chained && durationSeconds > 3600)
    throw invalid(
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    );
  if (durationSeconds > role.MaxSessionDuration)
    throw invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  if (policy !== undefined) checkIdentityPolicy(policy);
  const managed = await Promise.all(
    (request.policyArns ?? []).map(({ arn }) => managedPolicy(call, account, arn)),
  );
  const packed = (policy?.length ?? 0) + JSON.stringify(Object.entries(request.tags)).length - 2;
  if (packed > PACKED_LIMIT)
    throw new AwsError(
      "PackedPolicyTooLarge",
      `Packed size of the session policy and tags consumes ${percent(packed)}% of the allotted space.`,
    );
  const session: RoleSession = {
    kind: "role",
    account,
    arn: `arn:aws:sts::${account}:assumed-role/${role.RoleName}/${sessionName}`,
    roleArn: role.Arn,
    roleName: role.RoleName,
    sessionName,
    userId: `${role.RoleId}:${sessionName}`,
    sessionPolicies: [...(policy === undefined ? [] : [policy]), ...managed],
    tags: request.tags,
    ...(request.sourceIdentity !== undefined && { sourceIdentity: request.sourceIdentity }),
  };
  return {
    Credentials: issue(call, account, session, durationSeconds),
    AssumedRoleUser: { AssumedRoleId: session.userId, Arn: session.arn },
    ...(packed > 0 && { PackedPolicySize: percent(packed) }),
  };
}

const percent = (size: number): number => Math.ceil((size * 100) / PACKED_LIMIT);

async function managedPolicy(call: StsCall, account: string, arn = ""): Promise<string> {
  try {
    const { Policy } = await askIam<{ Policy: { DefaultVersionId: string } }>(call, account, "GetPolicy", {
      PolicyArn: arn,
    });
    const { PolicyVersion } = await askIam<{ PolicyVersion: { Document: string } }>(
      call,
      account,
      "GetPolicyVersion",
      { PolicyArn: arn, VersionId: Policy.DefaultVersionId },
    );
    return decodeURIComponent(PolicyVersion.Document);
  } catch (error) {
    if (isAwsError(error, "NoSuchEntity")) throw invalid(`The policy with arn ${arn} does not exist.`);
    throw error;
  }
}
