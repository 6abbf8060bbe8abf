/** The result object in the artifact bucket: the outcome of one upload, for a CI that can only read S3. */
import type { ErrorCode } from "#release/errors/errors.ts";
import type { Line } from "#release/names/key.ts";
import type { Origin } from "#release/people/origin.ts";
import type { PersonRef } from "#release/people/person.ts";
import type { TemplateRef } from "#release/plan/plan.ts";
import type { BlockedBy } from "./governor.ts";
import type { ActionStatus } from "./observation.ts";

export type ResultStatus =
  | "rejected"
  | "waiting"
  | "releasing"
  | "waiting-for-approval"
  | "released"
  | "failed"
  | "superseded"
  | "torn-down";

/** Reasons that are no errors. */
type ProgressCode =
  | "WaitingForSlot"
  | "WaitingForQuota"
  | "PipelineCreating"
  | "PipelineUpdating"
  | "PipelineReplacing"
  | "WaitingForRunningRelease"
  | "Starting"
  | "Deploying"
  | "WaitingForApproval"
  | "Released"
  | "Superseded"
  | "TearingDown"
  | "TornDown"
  | "Expired";

export type Reason = {
  readonly code: ErrorCode | ProgressCode;
  readonly sentence: string;
  readonly remedy?: string;
};

type ResultAction = {
  readonly name: string;
  readonly status: ActionStatus;
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly message?: string;
  readonly url?: string;
};

export type ResultStage = {
  readonly name: string;
  /** `Pending`: may still come. `NotRun`: the release ended before it. */
  readonly status: ActionStatus | "Pending" | "NotRun";
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** A principal overrode a condition of the stage, such as its window. */
  readonly overridden?: boolean;
  readonly actions: readonly ResultAction[];
};

/** An answer to an approval, as CodePipeline recorded it. */
export type ResultDecision = {
  /** The stage of the approval. */
  readonly stage: string;
  readonly decision: "Approved" | "Rejected";
  readonly by: PersonRef;
  /** The approver's own words. */
  readonly words?: string;
  /** The digest of the clearance that the decision names. */
  readonly clearance?: string;
  readonly at: string;
};

export type Result = {
  readonly schema: 1;
  readonly key: string;
  /** Absent when the key names none. */
  readonly line?: Line;
  readonly version: string;
  readonly status: ResultStatus;
  readonly reason: Reason;
  /** The position among the waiting lines, and the resource that blocks the line. */
  readonly waiting?: { readonly position: number; readonly for: BlockedBy };
  /** The time of the line's teardown, unless a newer version is uploaded before. */
  readonly expiresAt?: string;
  readonly template?: TemplateRef;
  readonly pipeline?: {
    readonly name: string;
    readonly account: string;
    readonly region: string;
    readonly consoleUrl: string;
  };
  /** The pipeline execution that releases, or released, this version. */
  readonly execution?: string;
  /** In the pipeline's order. */
  readonly stages: readonly ResultStage[];
  readonly upload?: Origin;
  /** In order of time. */
  readonly decisions?: readonly ResultDecision[];
  readonly updatedAt: string;
};

/** No later event can change these. */
export const finalStatuses: readonly ResultStatus[] = [
  "rejected",
  "released",
  "failed",
  "superseded",
  "torn-down",
];

export const isFinal = ({ status }: Result): boolean => finalStatuses.includes(status);
