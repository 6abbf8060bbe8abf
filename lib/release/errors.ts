/**
 * Everything that can be wrong with a release, as one table: what each code means, whose move is next, and what to do.
 * A code decides once and for all whether trying again can help.
 */

/** `rejected`: only the uploader (or the estate's owner) can mend it, so it is never retried. `errored`: ours or AWS's, may be retried. */
export type Move = "rejected" | "errored";

type CodeEntry = { readonly move: Move; readonly meaning: string; readonly remedy: string };

export const codes = {
  KeyMalformed: {
    move: "rejected",
    meaning: "The object's key is not <account>/<app>/<branch>/latest.zip.",
    remedy: "Upload to <account>/<app>/<branch>/latest.zip, e.g. 111111111111/shop/main/latest.zip.",
  },
  KeyAccountMalformed: {
    move: "rejected",
    meaning: "The first segment of the key is not an account id.",
    remedy: "Begin the key with the 12 digits of your shared-services account.",
  },
  KeyMissingSegments: {
    move: "rejected",
    meaning: "The key names no app or no branch.",
    remedy: "Upload to <account>/<app>/<branch>/latest.zip; all three parts are required.",
  },
  KeyEmptySegment: {
    move: "rejected",
    meaning: "The key has an empty segment (two slashes in a row, or one at its begin).",
    remedy: "Remove the doubled slash from the key.",
  },
  KeyDotSegment: {
    move: "rejected",
    meaning: "The key has a segment that is only dots (`.` or `..`).",
    remedy: "Rename the app or branch: S3 clients cannot address such keys reliably.",
  },
  KeyControlCharacter: {
    move: "rejected",
    meaning: "The key has a control character.",
    remedy: "Remove tabs, line breaks and other control characters from app and branch.",
  },
  KeyTooLong: {
    move: "rejected",
    meaning: "The key leaves no room for the key of its result, which S3 limits to 1024 bytes.",
    remedy: "Shorten the app or branch name.",
  },
  AccountUnknown: {
    move: "rejected",
    meaning: "The estate has no anchor with this account id.",
    remedy: "Use your own shared-services account, or have it added to the estate file.",
  },
  NotAZip: {
    move: "rejected",
    meaning: "The object is not a zip archive.",
    remedy: "Upload a zip; `kedge push <folder>` makes one.",
  },
  ZipTruncated: {
    move: "rejected",
    meaning: "The zip ends before its own directory says it should.",
    remedy: "Upload it again: the transfer or the packing was cut off.",
  },
  ZipMalformed: {
    move: "rejected",
    meaning: "The zip's directory contradicts itself.",
    remedy: "Pack the artifact again with an ordinary zip tool.",
  },
  ZipMultiDisk: {
    move: "rejected",
    meaning: "The zip is one part of a split archive.",
    remedy: "Pack the artifact as a single zip.",
  },
  ZipEncrypted: {
    move: "rejected",
    meaning: "The zip has encrypted entries.",
    remedy: "Pack the artifact without a password; the bucket encrypts it already.",
  },
  ZipMethodUnsupported: {
    move: "rejected",
    meaning: "An entry is compressed with a method other than store or deflate.",
    remedy: "Pack the artifact with deflate (the default of zip, jar and sam).",
  },
  ZipSlip: {
    move: "rejected",
    meaning: "An entry's name leads out of the archive.",
    remedy:
      "Pack with names relative to the artifact's folder: no leading slash, drive letter, backslash or `..`.",
  },
  ZipSymlink: {
    move: "rejected",
    meaning: "An entry is a symbolic link.",
    remedy: "Pack files, not links (zip without -y).",
  },
  ZipDuplicateEntry: {
    move: "rejected",
    meaning: "Two entries have the same name.",
    remedy: "Pack the artifact afresh instead of adding to an old zip.",
  },
  ZipOverlap: {
    move: "rejected",
    meaning: "Two entries share the same bytes, which only a crafted zip does.",
    remedy: "Pack the artifact with an ordinary zip tool.",
  },
  ZipBomb: {
    move: "rejected",
    meaning: "The zip would unpack to more than is allowed.",
    remedy: "Remove what need not be deployed, or have the estate's limits raised.",
  },
  ZipTooManyEntries: {
    move: "rejected",
    meaning: "The zip has more entries than is allowed.",
    remedy: "Pack built output instead of node_modules or caches, or have the estate's limits raised.",
  },
  ZipChecksum: {
    move: "rejected",
    meaning: "An entry's bytes do not match its checksum.",
    remedy: "Pack and upload the artifact again.",
  },
  ArtifactTooLarge: {
    move: "rejected",
    meaning: "The artifact is larger than the estate allows.",
    remedy: "Make the artifact smaller, or have the estate's limits raised.",
  },
  NoTemplateFits: {
    move: "rejected",
    meaning: "No release template knows how to deploy this artifact.",
    remedy:
      "Put a template.yaml (SAM or CloudFormation) at the top of the zip; `kedge check` shows what is seen.",
  },
  SeveralTemplatesFit: {
    move: "rejected",
    meaning: "The artifact could be deployed in more than one way.",
    remedy: "Keep exactly one of the templates named above.",
  },
  TemplateMalformed: {
    move: "rejected",
    meaning: "The template is not a CloudFormation or SAM template.",
    remedy:
      "Mend the template at the place named; `aws cloudformation validate-template` and `sam validate` help.",
  },
  TemplateTooLarge: {
    move: "rejected",
    meaning: "The template is larger than CloudFormation's limit of 1 MB.",
    remedy: "Split it into nested stacks.",
  },
  ReferenceMissing: {
    move: "rejected",
    meaning: "The template refers to a local file or folder that is not in the artifact.",
    remedy: "Pack the file, or correct the path (it is relative to the template).",
  },
  ReferenceMalformed: {
    move: "rejected",
    meaning: "A local reference of the template cannot be packaged.",
    remedy: "Use a path below the template's folder, or an S3 location.",
  },
  RoleNameRefused: {
    move: "rejected",
    meaning: "A role of the template has a name the targets allow no application.",
    remedy:
      "Leave RoleName and Path away, so that CloudFormation names the role, or begin its name with kedge-app-.",
  },
  ArtifactUnfit: {
    move: "rejected",
    meaning: "The artifact has something its release template does not take.",
    remedy: "Pack without what is named above; the release template's README says what it takes.",
  },
  AssemblyUnsupported: {
    move: "rejected",
    meaning: "The output of the build holds something that cannot be deployed without the tool that made it.",
    remedy: "Change the application as the message says, build it again and upload it.",
  },
  ImageMissing: {
    move: "rejected",
    meaning: "The artifact refers to a container image that would have to be built.",
    remedy: "Build and push it in your CI, and give its digest in the traits: settings.images.",
  },
  UnknownEnvironment: {
    move: "rejected",
    meaning: "The artifact speaks of an environment the estate does not have.",
    remedy:
      "Rename the file after one of the environments named, or have the environment added to the estate.",
  },
  ParametersMissing: {
    move: "rejected",
    meaning: "Template parameters without a default have no value.",
    remedy: "Give them in parameters.json or parameters/<environment>.json, or add a Default.",
  },
  ParametersUnknown: {
    move: "rejected",
    meaning: "A parameters file names parameters the template does not have.",
    remedy: "Remove or rename them.",
  },
  ParametersMalformed: {
    move: "rejected",
    meaning: "A parameters file is not in a form Kedge reads.",
    remedy: 'Write {"Name": "value"}, {"Parameters": {…}} or the list of the AWS CLI.',
  },
  SettingsMalformed: {
    move: "rejected",
    meaning: "The settings for the release template are not such as it takes.",
    remedy: "Mend the fields named; the README of the release template lists what it takes.",
  },
  StrategyUnsupported: {
    move: "rejected",
    meaning: "The release template cannot move traffic the way the strategy says.",
    remedy: "Choose a strategy its README names, or leave the strategy out.",
  },
  NameTooLong: {
    move: "rejected",
    meaning: "A name made from the line exceeds what AWS allows.",
    remedy: "Shorten the environment's name in the estate.",
  },
  TraitsMalformed: {
    move: "rejected",
    meaning: "The traits do not say what traits can say.",
    remedy: "Mend the places named; `kedge traits check <folder>` shows them all (docs/traits.md).",
  },
  TraitsContradictory: {
    move: "rejected",
    meaning: "Two things the traits say cannot both hold.",
    remedy: "Keep one of the two places named; `kedge traits check <folder>` shows what is understood.",
  },
  TemplateUnfit: {
    move: "rejected",
    meaning: "The release template the traits ask for does not fit the artifact.",
    remedy: "Ask for another template, or for none, or pack what the one asked for wants to see.",
  },
  TemplateConstraintUnmet: {
    move: "rejected",
    meaning: "There is no release template of the name and version the traits ask for.",
    remedy: "Widen the constraint to one of the versions named, or have the version published.",
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
  PublishMalformed: {
    move: "rejected",
    meaning: "The traits publish something that is no output of the application, or where it may not stand.",
    remedy: "Name an output of the template, and a path of your own that begins with a slash.",
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
  TemplateFailed: {
    move: "rejected",
    meaning: "The release template of this line failed, or made something that cannot be deployed.",
    remedy: "Tell the cloud team, who can roll the release template back; other lines are not touched.",
  },
  ReleaseDocumentMalformed: {
    move: "errored",
    meaning: "A document Kedge wrote for itself is incomplete or of another version.",
    remedy: "Upload the artifact again; if it recurs, an operator has to look at the anchor's cache bucket.",
  },
  TemplateUnavailable: {
    move: "errored",
    meaning: "The release template of this line could not be loaded from the registry.",
    remedy: "An operator has to check the template registry; the line is looked at again by itself.",
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
} as const satisfies Record<string, CodeEntry>;

export type ErrorCode = keyof typeof codes;

/** The one error of this house. The message says what was seen and what was expected; the table says what to do. */
export class ReleaseError extends Error {
  override name = "ReleaseError";
  readonly code: ErrorCode;
  /** By what it is: a release template's module brings its own copy of this class. */
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
