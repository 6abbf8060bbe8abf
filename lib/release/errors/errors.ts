/**
 * The table of all release errors. Each code has a meaning, an owner of the next move, and a remedy. The code
 * alone decides whether a retry can help.
 */
import type { CodeTable, Move } from "./code-entry.ts";
import { artifactCodes } from "./codes-artifact.ts";
import { templateCodes } from "./codes-template.ts";

export const codes = {
  ...artifactCodes,
  ...templateCodes,
  RoleNameRefused: {
    move: "rejected",
    meaning: "A role of the template has a name the targets allow no application.",
    remedy:
      "Leave RoleName and Path away, so that CloudFormation names the role, or begin its name with kedge-app-.",
  },
  NameTooLong: {
    move: "rejected",
    meaning: "A name made from the line exceeds what AWS allows.",
    remedy: "Shorten the environment's name in the estate.",
  },
  SettingMissing: {
    move: "rejected",
    meaning: "The target account has no parameter or secret of a name the artifact refers to.",
    remedy: "Create it in the account and region named, then upload again; nothing was changed there.",
  },
  SecretMisplaced: {
    move: "rejected",
    meaning: "A secret would stand readable where it is wanted, or CloudFormation cannot resolve it there.",
    remedy:
      "Use ${secret:name} of Secrets Manager in a property, or let the application read the secret by its name.",
  },
  NoEligibleEnvironment: {
    move: "rejected",
    meaning: "No environment of the estate accepts this branch and is wanted by the traits.",
    remedy: "Upload under a branch an environment accepts, widen the traits, or have the estate changed.",
  },
  TombstoneRefused: {
    move: "rejected",
    meaning: "The line reaches a protected environment, and the estate does not allow its teardown.",
    remedy: "Have the branch added to allowTombstone in the estate file, then upload the empty object again.",
  },
  EstateMalformed: {
    move: "rejected",
    meaning: "The estate file does not describe an estate.",
    remedy: "Mend the places named; `kedge estate check` shows them all.",
  },
  PlanOutOfLimits: {
    move: "rejected",
    meaning: "The plan exceeds what a CodePipeline pipeline can hold.",
    remedy: "Have fewer environments accept this branch.",
  },
  ReleaseDocumentMalformed: {
    move: "errored",
    meaning: "A document Kedge wrote for itself is incomplete or of another version.",
    remedy: "Upload the artifact again; if it recurs, an operator has to look at the anchor's cache bucket.",
  },
  AssetAltered: {
    move: "errored",
    meaning:
      "An object in the anchor's cache does not have the bytes that were recorded for it; nothing was deployed.",
    remedy:
      "An operator of the anchor finds out who wrote or deleted the object named, and removes the wrong version (docs/deploying.md); then upload again.",
  },
  PipelineStackFailed: {
    move: "errored",
    meaning: "CloudFormation could not create or update the line's pipeline.",
    remedy:
      "The message is CloudFormation's. Upload again to try again; an operator may have to mend the anchor.",
  },
  SourceFailed: {
    move: "errored",
    meaning: "The pipeline could not read its release bundle.",
    remedy:
      "An operator has to check the pipeline role's access to the cache bucket; upload again to try again.",
  },
  TeardownBlocked: {
    move: "errored",
    meaning: "A stack could not be deleted.",
    remedy: "Mend what CloudFormation names (e.g. empty the bucket), then upload the empty object again.",
  },
  RouteFailed: {
    move: "errored",
    meaning: "Kedge failed again and again to hand this upload to its anchor.",
    remedy: "An operator finds the reason in the log of kedge-route; upload again to try again.",
  },
  ReconcileFailed: {
    move: "errored",
    meaning: "Kedge failed again and again while looking after this line.",
    remedy: "An operator finds the reason in the log of kedge-reconcile; upload again to try again.",
  },
  DeploymentFailed: {
    move: "rejected",
    meaning: "An environment could not be deployed; later environments were not touched.",
    remedy: "Mend what the message names and upload again.",
  },
  SmokeTestFailed: {
    move: "rejected",
    meaning: "The artifact's own smoke test failed; later environments were not touched.",
    remedy: "Read the test's log, mend the application or the test, and upload again.",
  },
  VerificationFailed: {
    move: "rejected",
    meaning: "An alarm went off while the new version was watched; it lost its traffic again.",
    remedy: "Look at the alarm's metric, mend the application, and upload again.",
  },
  ApprovalRejected: {
    move: "rejected",
    meaning: "The approver refused this version, or did not answer in time.",
    remedy: "Ask the approver; upload a new version to be asked again.",
  },
  ExecutionStopped: {
    move: "rejected",
    meaning: "Somebody stopped this release, or changed its pipeline while it ran.",
    remedy: "Upload again to release it again.",
  },
} as const satisfies CodeTable;

export type ErrorCode = keyof typeof codes;

/**
 * The only error class of Kedge. The message names the observed and the expected value; the table gives the
 * remedy.
 */
export class ReleaseError extends Error {
  override name = "ReleaseError";
  readonly code: ErrorCode;
  /** Compares the name, not the class: the module of a release template has its own copy of this class. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === "ReleaseError" && "code" in value;
  }
  constructor(code: ErrorCode, seen: string, cause?: unknown) {
    super(seen, cause === undefined ? undefined : { cause });
    this.code = code;
  }
  get move(): Move {
    return codes[this.code].move;
  }
  get remedy(): string {
    return codes[this.code].remedy;
  }
}

/** True for an error that no retry can help. */
export const isRejection = (error: unknown): error is ReleaseError =>
  error instanceof ReleaseError && error.move === "rejected";
