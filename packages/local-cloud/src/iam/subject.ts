/** Defines the subject of a request: the caller with all names that a policy may use for it. */
import type { Principal } from "#cloud/kernel/principal.ts";

export type Subject = {
  /** The caller's name in messages. */
  readonly name: string;
  readonly kind: Principal["kind"] | "federated";
  readonly account: string | undefined;
  /** The account's id and root ARN. */
  readonly accountNames: readonly string[];
  /** The role's or user's ARN and unique id. */
  readonly entityNames: readonly string[];
  /** The session's ARN. */
  readonly sessionNames: readonly string[];
  readonly service: string | undefined;
  readonly federated: string | undefined;
};

const noNames = {
  account: undefined,
  accountNames: [],
  entityNames: [],
  sessionNames: [],
  service: undefined,
  federated: undefined,
} as const;

/** `userId` is a user's unique id. A role session carries the id of its role. */
export function subjectOf(principal: Principal, userId?: string): Subject {
  switch (principal.kind) {
    case "anonymous":
      return { ...noNames, kind: "anonymous", name: "anonymous" };
    case "service":
      return { ...noNames, kind: "service", name: principal.service, service: principal.service };
    case "account":
      return {
        ...noNames,
        kind: "account",
        name: principal.arn,
        account: principal.account,
        accountNames: accountNames(principal.account),
      };
    case "user":
      return {
        ...noNames,
        kind: "user",
        name: principal.arn,
        account: principal.account,
        accountNames: accountNames(principal.account),
        entityNames: userId === undefined ? [principal.arn] : [principal.arn, userId],
      };
    case "role":
      return {
        ...noNames,
        kind: "role",
        name: principal.arn,
        account: principal.account,
        accountNames: accountNames(principal.account),
        entityNames: [principal.roleArn, principal.userId.split(":")[0] ?? ""],
        sessionNames: [principal.arn],
      };
  }
}

/** A subject that an identity provider authenticated and that has no AWS identity yet. */
export const federatedSubject = (provider: string): Subject => ({
  ...noNames,
  kind: "federated",
  name: provider,
  federated: provider,
});

const accountNames = (account: string): readonly string[] => [account, `arn:aws:iam::${account}:root`];
