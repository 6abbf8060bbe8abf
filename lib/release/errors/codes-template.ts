/** Error codes for the content of an artifact and for the release template that it requests. */
import type { CodeTable } from "./code-entry.ts";

export const templateCodes = {
  NoTemplateFits: {
    move: "rejected",
    meaning: "No release template can deploy this artifact.",
    remedy:
      "Pack the file that a release template looks for, such as a template.yaml (SAM or CloudFormation) at the top of the zip, or name a release template in .traits/build.yml. The README.md of Kedge has a table of these files.",
  },
  SeveralTemplatesFit: {
    move: "rejected",
    meaning: "More than one release template fits this artifact.",
    remedy:
      "Keep the files of exactly one template of the message, or name a release template in .traits/build.yml.",
  },
  TemplateMalformed: {
    move: "rejected",
    meaning: "The template is not a CloudFormation or SAM template.",
    remedy:
      "Fix the template at the position in the message; `aws cloudformation validate-template` and `sam validate` help.",
  },
  TemplateTooLarge: {
    move: "rejected",
    meaning: "The template is larger than CloudFormation allows: 1 MB, or 200 outputs with Kedge's own two.",
    remedy: "Split it into nested stacks.",
  },
  ReferenceMissing: {
    move: "rejected",
    meaning: "The template refers to a local file or folder that is not in the artifact.",
    remedy: "Pack the file, or correct the path, which is relative to the template.",
  },
  ReferenceMalformed: {
    move: "rejected",
    meaning: "Kedge cannot package a local reference of the template.",
    remedy: "Use a path below the template's folder, or an S3 location.",
  },
  ArtifactUnfit: {
    move: "rejected",
    meaning: "The artifact has files or properties that its release template does not support.",
    remedy:
      "Remove the files or properties that the message names; the release template's README lists the supported ones.",
  },
  AssemblyUnsupported: {
    move: "rejected",
    meaning: "The output of the build needs its build tool at deployment, and Kedge does not run this tool.",
    remedy: "Change the application as the message says, build it again and upload it.",
  },
  ImageMalformed: {
    move: "rejected",
    meaning: "The file imagedefinitions.json does not name the container image.",
    remedy: 'Write [{"name": "app", "imageUri": "repository@sha256:…"}] to imagedefinitions.json.',
  },
  ImageNotImmutable: {
    move: "rejected",
    meaning: "A tag names the container image, and a tag can move between two environments.",
    remedy:
      "Name the image by its digest: `docker buildx imagetools inspect <image>` and the push of your CI print the digest.",
  },
  HandlerNotAllowed: {
    move: "rejected",
    meaning: "The traits name a project or a function that the estate does not allow in this environment.",
    remedy:
      "Name an allowed project or function in the traits' settings, or ask the cloud team to allow it in the estate (handlers).",
  },
  FunctionNotAllowed: {
    move: "rejected",
    meaning:
      "The traits name a function that Kedge did not create, and the estate does not list it in this environment.",
    remedy:
      "Name a listed function in the traits' settings, or ask the cloud team to list the function in the estate (existingFunctions).",
  },
  SettingNotAllowed: {
    move: "rejected",
    meaning: "The artifact or its traits ask for something that the estate does not allow there.",
    remedy: "Take what the message names as allowed, or have the estate changed.",
  },
  CallFailed: {
    move: "rejected",
    meaning: "The release called a function in the target account, and the function answered with an error.",
    remedy: "The message is the function's own. Fix its cause and upload again.",
  },
  MigrationsMalformed: {
    move: "rejected",
    meaning: "Kedge cannot put the migrations in order, or no function runs them.",
    remedy: "Name the files as the message says, and name in the traits the function that runs them.",
  },
  MigrationsConflict: {
    move: "rejected",
    meaning: "The migrations contradict the migrations that this environment's database has applied.",
    remedy:
      "Restore the applied migrations and add a migration with a higher version. Kedge has changed nothing.",
  },
  MigrationFailed: {
    move: "rejected",
    meaning: "A migration failed. The earlier migrations are applied, and the application is unchanged.",
    remedy: "The message is from the function that runs the migrations. Fix its cause and upload again.",
  },
  ImageMissing: {
    move: "rejected",
    meaning: "The artifact refers to a container image that does not exist yet.",
    remedy: "Build and push the image in your CI, and give its digest in the traits: settings.images.",
  },
  UnknownEnvironment: {
    move: "rejected",
    meaning: "The artifact names an environment that the estate does not have.",
    remedy:
      "Use the name of an environment in the message, or ask the cloud team to add the environment to the estate.",
  },
  ParametersMissing: {
    move: "rejected",
    meaning: "Template parameters without a default have no value.",
    remedy:
      "Give the values in parameters.json or parameters/<environment>.json, or add a Default to the template.",
  },
  ParametersUnknown: {
    move: "rejected",
    meaning: "A parameters file names parameters that the template does not have.",
    remedy: "Remove or rename these parameters in the file.",
  },
  ParametersMalformed: {
    move: "rejected",
    meaning: "A parameters file does not have a form that Kedge reads.",
    remedy: 'Write {"Name": "value"}, {"Parameters": {…}} or the list of the AWS CLI.',
  },
  SettingsMalformed: {
    move: "rejected",
    meaning: "The settings do not match the release template's settings.",
    remedy: "Fix the fields in the message; the README of the release template lists its settings.",
  },
  StrategyUnsupported: {
    move: "rejected",
    meaning: "The release template does not support this strategy for moving traffic.",
    remedy: "Choose a strategy from the release template's README, or leave the strategy out.",
  },
  TraitsMalformed: {
    move: "rejected",
    meaning: "The traits have an unknown field or a value that is not allowed.",
    remedy:
      "Fix the positions in the message; `kedge traits check <folder>` shows them all (docs/traits.md).",
  },
  TraitsContradictory: {
    move: "rejected",
    meaning: "Two fields of the traits contradict each other.",
    remedy:
      "Keep one of the two fields in the message; `kedge traits check <folder>` shows how Kedge reads the traits.",
  },
  TemplateUnfit: {
    move: "rejected",
    meaning: "The artifact does not fit the release template in the traits.",
    remedy:
      "Name another release template or no release template in the traits, or pack the files that this release template needs.",
  },
  TemplateConstraintUnmet: {
    move: "rejected",
    meaning: "The registry has no release template with the name and the version in the traits.",
    remedy: "Widen the constraint to a version in the message, or ask the cloud team to publish the version.",
  },
  TemplateWithdrawn: {
    move: "rejected",
    meaning: "The cloud team has withdrawn this version of the release template.",
    remedy:
      "If the message names a version to take, name it in the traits, or a range that contains it, and upload again. If it names none, ask the cloud team to publish a version.",
  },
  TemplateUnconfirmed: {
    move: "rejected",
    meaning:
      "One person has signed this version of the release template. It is not used before a second person confirms it.",
    remedy: "Ask the cloud team to confirm the version with `kedge template confirm`, and upload again.",
  },
  PublishMalformed: {
    move: "rejected",
    meaning:
      "The traits publish a value that is not an output of the application, or at a path that is not allowed.",
    remedy: "Name an output of the template, and a path of your application that begins with a slash.",
  },
  TemplateFailed: {
    move: "rejected",
    meaning: "The release template of this line failed, or made a plan that Kedge cannot deploy.",
    remedy:
      "Report this to the cloud team, which can roll the release template back. Other lines are not affected.",
  },
  TemplateUnavailable: {
    move: "errored",
    meaning: "Kedge could not load the release template of this line from the registry.",
    remedy: "An operator has to check the template registry. Kedge observes the line again by itself.",
  },
  TemplateVersionTaken: {
    move: "rejected",
    meaning: "This version of the release template is already published with other content.",
    remedy: "Raise the version in its template.ts: a published version never changes.",
  },
  TemplateIncompatible: {
    move: "rejected",
    meaning: "The new version would ignore or reject settings that teams wrote for the earlier version.",
    remedy: "Keep the allowed settings, or raise the major version.",
  },
  RolloutRefused: {
    move: "rejected",
    meaning: "The state of the release template allows no rollout, or no further step of its rollout.",
    remedy:
      "`kedge template rollout <name> --status` shows the state. Roll the template back, or wait for the end of its rollout.",
  },
} as const satisfies CodeTable;
