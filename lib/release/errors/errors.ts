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
    meaning: "A role of the template has a name that targets do not allow for applications.",
    remedy:
      "Leave RoleName and Path away, so that CloudFormation names the role, or begin its name with kedge-app-.",
  },
  RuleBroken: {
    move: "rejected",
    meaning: "The template opens a door that the estate keeps shut in an environment.",
    remedy:
      "Change the resources named, or have the rule set to warn or allow for the environment in the estate (rules); `kedge check` shows every finding.",
  },
  VersionReplaced: {
    move: "errored",
    meaning: "The release succeeded, and now an environment has another version or no stack.",
    remedy:
      "See in CloudTrail who changed or deleted the stack, then upload the artifact again. Kedge looks again within the hour.",
  },
  NameTooLong: {
    move: "rejected",
    meaning: "A name that Kedge derives from the line is longer than AWS allows.",
    remedy: "Shorten the environment's name in the estate.",
  },
  NameTaken: {
    move: "rejected",
    meaning: "Another line has the same code in the names of its pipeline and stacks.",
    remedy:
      "Upload under another name of the application or of the branch. A line of another anchor may have a stack in the same account.",
  },
  StackHasLongName: {
    move: "errored",
    meaning:
      "The cache no longer has the record of the line's long stack names, so a second stack would be made.",
    remedy:
      "Delete the object lines/<code>.json of the line in the anchor's cache; the code follows kedge-line- in the pipeline's name. Then upload again: the line takes its long names.",
  },
  TemplateTooOld: {
    move: "rejected",
    meaning: "The stacks of the line have names that this version of the release template does not know.",
    remedy:
      "Let the line have version 1.1.0 or a later one: remove the pin in the estate or the version in .traits/build.yml. To go back, tear the line down first.",
  },
  SettingMissing: {
    move: "rejected",
    meaning: "The artifact refers to a parameter or a secret that the target account does not have.",
    remedy:
      "Create it in the account and the region of the message, then upload again. Kedge has changed nothing there.",
  },
  SettingUnfixed: {
    move: "rejected",
    meaning:
      "A stack would read a parameter of the parameter store after the approval, and Kedge cannot tell its version before.",
    remedy:
      "Write the name out, as in {{resolve:ssm:/app/size}}, or put it together with Fn::Sub from parameters, AWS::AccountId, AWS::Region and AWS::StackName (docs/rules.md, setting-unpinned).",
  },
  SettingSecure: {
    move: "rejected",
    meaning:
      "A template parameter of a type AWS::SSM::Parameter::Value names a SecureString, which CloudFormation refuses for these types.",
    remedy:
      "Store the value as a String, or write {{resolve:ssm-secure:name}} into a property that takes a secret.",
  },
  SettingForeign: {
    move: "rejected",
    meaning: "A template parameter names a parameter of another account or of another region.",
    remedy:
      "Create the parameter in the account and the region of the environment, and name it there. Kedge's role reads no other.",
  },
  SecretMisplaced: {
    move: "rejected",
    meaning:
      "The property is not one of those that take a secret, or CloudFormation cannot resolve it there.",
    remedy:
      "Use ${secret:name} for an environment variable, a password or another property of the list in docs/traits.md, or let the application read the secret by its name.",
  },
  NoEligibleEnvironment: {
    move: "rejected",
    meaning: "No environment of the estate accepts both this branch and the traits.",
    remedy:
      "Upload to a branch that an environment accepts, widen the traits, or ask the cloud team to change the estate.",
  },
  TombstoneRefused: {
    move: "rejected",
    meaning: "The line reaches a protected environment, and the estate does not allow its teardown.",
    remedy:
      "Ask the cloud team to add the branch to allowTombstone in the estate file, then upload the empty object again.",
  },
  EstateMalformed: {
    move: "rejected",
    meaning: "The estate file has an unknown field or a value that is not allowed.",
    remedy: "Fix the positions in the message; `kedge estate check` shows them all.",
  },
  PlanOutOfLimits: {
    move: "rejected",
    meaning: "The plan is larger than a pipeline of CodePipeline can be.",
    remedy: "Ask the cloud team to let fewer environments accept this branch.",
  },
  ReleaseDocumentMalformed: {
    move: "errored",
    meaning: "A document that Kedge wrote for itself is incomplete or has another version.",
    remedy:
      "Upload the artifact again. If the error returns, an operator has to check the anchor's cache bucket.",
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
    remedy: "The message is CloudFormation's. Upload again to retry; an operator may have to fix the anchor.",
  },
  SourceFailed: {
    move: "errored",
    meaning: "The pipeline could not read its release bundle.",
    remedy: "An operator has to check the pipeline role's access to the cache bucket. Upload again to retry.",
  },
  TeardownBlocked: {
    move: "errored",
    meaning: "CloudFormation could not delete a stack.",
    remedy:
      "Remove the cause that CloudFormation names (for example, empty the bucket), then upload the empty object again.",
  },
  RouteFailed: {
    move: "errored",
    meaning: "Kedge failed several times to send this upload to its anchor.",
    remedy: "An operator finds the reason in the log of kedge-route. Upload again to retry.",
  },
  ReconcileFailed: {
    move: "errored",
    meaning: "Kedge failed several times to reconcile this line.",
    remedy: "An operator finds the reason in the log of kedge-reconcile. Upload again to retry.",
  },
  ClearanceBroken: {
    move: "errored",
    meaning: "What was about to be deployed, or was deployed, is not what was approved.",
    remedy:
      "An operator finds out who changed it (CloudTrail of the account named) and opens the environment with kedge unlock; then upload again, and the approver decides anew.",
  },
  EnvironmentTaken: {
    move: "errored",
    meaning:
      "Another execution entered the environment between the approval and its execution; nothing was executed.",
    remedy:
      "An operator looks at the execution named in the lock; then upload again, and the approver decides anew.",
  },
  EnvironmentStopped: {
    move: "errored",
    meaning:
      "An earlier release to the environment was not what had been approved, so the environment takes no release.",
    remedy:
      "An operator finds out who changed it, brings the environment back to a cleared version, and opens it with kedge unlock; then upload again.",
  },
  DutiesNotSeparate: {
    move: "rejected",
    meaning:
      "One person is two of uploader, author and approver of this version, and the estate keeps these duties apart.",
    remedy: "Upload again, and ask another person to approve. Nothing was deployed to the environment.",
  },
  DutiesUnproven: {
    move: "rejected",
    meaning:
      "AWS has not recorded who uploaded or approved this version, or the session name was the caller's own choice.",
    remedy:
      "Upload again as kedge-ci and approve as kedge-approver. If the trusts do not pin session names, the cloud team sets sessionNames in the estate (docs/deploying.md).",
  },
  DeploymentFailed: {
    move: "rejected",
    meaning: "The deployment to an environment failed. Later environments are unchanged.",
    remedy: "Fix the cause in the message and upload again.",
  },
  SmokeTestFailed: {
    move: "rejected",
    meaning: "The artifact's own smoke test failed. Later environments are unchanged.",
    remedy: "Read the test's log, fix the application or the test, and upload again.",
  },
  VerificationFailed: {
    move: "rejected",
    meaning:
      "An alarm started while Kedge watched the new version, so the earlier version serves all traffic again.",
    remedy: "Check the alarm's metric, fix the application, and upload again.",
  },
  ApprovalRejected: {
    move: "rejected",
    meaning: "The approver rejected this version.",
    remedy:
      "Change what the approver names in the reason, and upload a new version to request another approval.",
  },
  ApprovalExpired: {
    move: "rejected",
    meaning: "The approval ran out: it waited as long as it may, and no approver decided.",
    remedy: "Ask an approver to decide, and upload the version again to request another approval.",
  },
  ExecutionStopped: {
    move: "rejected",
    meaning: "A person or a tool stopped this release, or changed its pipeline while the release ran.",
    remedy: "Upload the artifact again to release it.",
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
