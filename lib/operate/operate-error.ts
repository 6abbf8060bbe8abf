/** The errors of the use cases of people: each code says how the use case ended, and a door makes an exit code of that. */

/**
 * `usage`: the order was wrong. `failed`: the order was right and did not succeed. `rejected`: the input is
 * not accepted.
 */
export type Outcome = "usage" | "failed" | "rejected" | "timed-out";

const operateCodes = {
  NoResult: "failed",
  NoHistory: "failed",
  NoPipeline: "failed",
  NothingToDecide: "failed",
  SeveralApprovals: "usage",
  NothingStopped: "failed",
  OtherWaits: "failed",
  ReasonMissing: "usage",
  SummaryTooLong: "usage",
  ReviewUntrue: "failed",
  BucketUnversioned: "usage",
  FollowTimedOut: "timed-out",
  MoveFailed: "failed",
  CollectionFailed: "failed",
  PortfolioMissing: "failed",
  EstateWaits: "failed",
  EstateRefused: "rejected",
  EstateOvertaken: "failed",
  ProposalMissing: "failed",
  SeveralProposals: "usage",
  CliVersionTaken: "rejected",
  PrincipalUnknown: "usage",
  DraftVersion: "usage",
  TemplateRefused: "rejected",
  TemplateWaits: "failed",
  RolloutRunning: "usage",
  RolloutMissing: "usage",
  VersionMissing: "usage",
  RolloutTimedOut: "timed-out",
} as const satisfies Readonly<Record<string, Outcome>>;

export type OperateCode = keyof typeof operateCodes;

export class OperateError extends Error {
  override name = "OperateError";
  readonly code: OperateCode;
  readonly outcome: Outcome;
  constructor(code: OperateCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.outcome = operateCodes[code];
  }
}
