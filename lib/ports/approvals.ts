/** The port to the approval actions of the pipelines. CodePipeline decides which approval waits and accepts the decision. */

export type Decision = "Approved" | "Rejected";

export type PendingApproval = {
  readonly stage: string;
  readonly action: string;
  readonly execution: string;
  /** CodePipeline accepts a decision only with the token of this request. */
  readonly token: string;
};

export type Approvals = {
  /** Undefined when there is no such pipeline. */
  readonly pending: (pipeline: string) => Promise<readonly PendingApproval[] | undefined>;
  /** The text that CodePipeline shows to approvers. */
  readonly description: (pipeline: string, approval: PendingApproval) => Promise<string | undefined>;
  /** Answers the time of the decision, ISO 8601. */
  readonly decide: (
    pipeline: string,
    approval: PendingApproval,
    decision: Decision,
    summary: string,
  ) => Promise<string | undefined>;
};
