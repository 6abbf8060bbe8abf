/**
 * Defines an access request, in IAM's words. An operation states its requests; the authorizer decides them.
 */
import type { Principal } from "./principal.ts";

export type ConditionValue = string | number | boolean | readonly string[];

export type AccessRequest = {
  /** e.g. `sqs:SendMessage` */
  readonly action: string;
  /** The resource's ARN, or `*` for an action without a resource. */
  readonly resource: string;
  /** The account that owns the resource. Default: the call's account. */
  readonly resourceAccount?: string;
  /**
   * Condition keys of the service and the request, e.g. `s3:prefix`, `iam:PassedToService`,
   * `aws:RequestTag/x`. The authorizer adds the global keys.
   */
  readonly context?: Readonly<Record<string, ConditionValue | undefined>>;
  /** The resource's own policy (bucket, queue, key, bus, topic, function, trust), as JSON text. */
  readonly resourcePolicy?: string | undefined;
  /**
   * `key`: identity policies count only where the key policy delegates to the account (KMS). `trust`: the
   * policy is a role's trust policy and must allow the call by itself (sts:AssumeRole).
   */
  readonly rule?: "key" | "trust";
  /** The resource's tags, for the condition keys `aws:ResourceTag/x`. */
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

/** Decides one request. iam/authorizer.ts implements it, and the kernel calls it for every operation. */
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
