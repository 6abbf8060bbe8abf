/** The port to the approval actions of the pipelines. CodePipeline decides which approval waits and accepts the decision. */

export type Decision = "Approved" | "Rejected";

export type PendingApproval = {
  readonly stage: string;
  readonly action: string;
  readonly execution: string;
  /** CodePipeline accepts a decision only with the token of this request. */
  readonly token: string;
  /** ISO 8601. */
  readonly since?: string;
};

/** The text that CodePipeline shows for an approval, and the clearances of the environments of its stage. */
type ApprovalShown = {
  readonly text?: string;
  readonly clearances: readonly ShownClearance[];
};

export type ShownClearance = {
  readonly environment: string;
  readonly digest: string;
  /** The key of the review, without its ending. */
  readonly review: string;
};

export type Approvals = {
  /** The pipelines of all lines of the account, by name. */
  readonly pipelines: () => Promise<readonly string[]>;
  /** Undefined when there is no such pipeline. */
  readonly pending: (pipeline: string) => Promise<readonly PendingApproval[] | undefined>;
  readonly shown: (pipeline: string, approval: PendingApproval) => Promise<ApprovalShown>;
  /** Answers the time of the decision, ISO 8601. */
  readonly decide: (
    pipeline: string,
    approval: PendingApproval,
    decision: Decision,
    summary: string,
  ) => Promise<string | undefined>;
};
