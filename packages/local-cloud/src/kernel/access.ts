/** What a call asks for, in IAM's words; operations state it, the authorizer decides it. */
import type { Principal } from "./principal.ts";

export type ConditionValue = string | number | boolean | readonly string[];

export type AccessRequest = {
  /** e.g. `sqs:SendMessage` */
  readonly action: string;
  /** The resource's ARN, or `*` for actions that have none. */
  readonly resource: string;
  /** The account that owns the resource; the call's account when absent. */
  readonly resourceAccount?: string;
  /** Service-specific and request condition keys, e.g. `s3:prefix`, `iam:PassedToService`, `aws:RequestTag/x`. Global ones are added by the authorizer. */
  readonly context?: Readonly<Record<string, ConditionValue | undefined>>;
  /** The resource's own policy (bucket, queue, key, bus, topic, function, trust), as JSON text. */
  readonly resourcePolicy?: string | undefined;
  /**
   * `key`: identity policies count only where the key policy hands over to the account (KMS).
   * `trust`: the policy is a role's trust policy; it must allow by itself (sts:AssumeRole).
   */
  readonly rule?: "key" | "trust";
  /** How an AWS denial of this service hides the reason, e.g. S3 answers 403 "Access Denied". */
  readonly tags?: Readonly<Record<string, string>>;
};

type Decision =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      /** AWS's sentence: "User: … is not authorized to perform: … on resource: … because …". */
      readonly message: string;
      readonly explicit: boolean;
    };

/** Decides one request; the IAM house provides it, `cloud.ts` plugs it in. */
export type Authorizer = (
  principal: Principal,
  request: AccessRequest,
  call: {
    readonly account: string;
    readonly region: string;
    readonly now: Date;
    readonly sourceIp: string;
    readonly secure: boolean;
  },
) => Decision;
