/** Error codes for the content of an artifact and for the release template that it requests. */
import type { CodeTable } from "./code-entry.ts";

export const templateCodes = {
  NoTemplateFits: {
    move: "rejected",
    meaning: "No release template knows how to deploy this artifact.",
    remedy:
      "Put a template.yaml (SAM or CloudFormation) at the top of the zip, or name a release template in .traits/build.yml; `kedge check` shows what is seen.",
  },
  SeveralTemplatesFit: {
    move: "rejected",
    meaning: "The artifact could be deployed in more than one way.",
    remedy: "Keep exactly one of the templates named above, or ask for one in .traits/build.yml.",
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
  ImageMalformed: {
    move: "rejected",
    meaning: "The file that should name the container image does not.",
    remedy: 'Write [{"name": "app", "imageUri": "repository@sha256:…"}] to imagedefinitions.json.',
  },
  ImageNotImmutable: {
    move: "rejected",
    meaning: "The container image is named by a tag, which can move between one environment and the next.",
    remedy:
      "Name it by its digest: `docker buildx imagetools inspect <image>` and the push of your CI print it.",
  },
  HandlerNotAllowed: {
    move: "rejected",
    meaning: "The artifact is to be handed to a project or function the estate does not allow there.",
    remedy: "Name one of those allowed in the traits' settings, or have the estate allow it (handlers).",
  },
  CallFailed: {
    move: "rejected",
    meaning: "A function in the target account that has a part in the release answered with an error.",
    remedy: "The words are the function's own: mend what they name, and upload again.",
  },
  MigrationsMalformed: {
    move: "rejected",
    meaning: "The migrations are not such as can be put in order and run.",
    remedy: "Name them in one of the ways the message names, and say in the traits which function runs them.",
  },
  MigrationsConflict: {
    move: "rejected",
    meaning: "The migrations do not fit those that were applied to the database of this environment.",
    remedy:
      "Leave what was applied as it was, and add a migration with a higher version; nothing was changed.",
  },
  MigrationFailed: {
    move: "rejected",
    meaning: "A migration failed; those before it are applied, and the application was not touched.",
    remedy: "The words are those of the function that runs them: mend what they name, and upload again.",
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
  PublishMalformed: {
    move: "rejected",
    meaning: "The traits publish something that is no output of the application, or where it may not stand.",
    remedy: "Name an output of the template, and a path of your own that begins with a slash.",
  },
  TemplateFailed: {
    move: "rejected",
    meaning: "The release template of this line failed, or made something that cannot be deployed.",
    remedy: "Tell the cloud team, who can roll the release template back; other lines are not touched.",
  },
  TemplateUnavailable: {
    move: "errored",
    meaning: "The release template of this line could not be loaded from the registry.",
    remedy: "An operator has to check the template registry; the line is looked at again by itself.",
  },
  TemplateVersionTaken: {
    move: "rejected",
    meaning: "A version of a release template was published before, with other content.",
    remedy: "Raise the version in its template.ts: what is published never changes.",
  },
  TemplateIncompatible: {
    move: "rejected",
    meaning: "Settings that teams wrote for the version before would mean nothing to this one.",
    remedy: "Keep what was allowed, or raise the major version.",
  },
  RolloutRefused: {
    move: "rejected",
    meaning: "The release template cannot be rolled out, or its rollout cannot go on, as it stands.",
    remedy: "`kedge template rollout <name> --status` shows what is; roll it back or let it end first.",
  },
} as const satisfies CodeTable;
