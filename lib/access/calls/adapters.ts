/**
 * Names the kinds of resources that each adapter of lib/aws calls. The calls are read from the adapters'
 * code; the check reports an adapter or a method that has no row here.
 */

import { aHandlersFunction } from "#access/resource.ts";

export type AdapterResources = {
  /** The resources of its calls. */
  readonly at: readonly string[];
  /** The resource of its list calls. */
  readonly bucket?: string;
  /** The key that encrypts its objects. */
  readonly key?: string;
  /** Methods that call other resources. */
  readonly methods?: Readonly<Record<string, readonly string[]>>;
  /** Methods whose list calls concern another section of the bucket. */
  readonly buckets?: Readonly<Record<string, string>>;
  /** The adapter deletes single versions of objects. */
  readonly removesVersions?: true;
  /** The adapter works as the deploy role of a target account: always, or in these methods. */
  readonly inTarget?: true | readonly string[];
  /** The adapter makes the same calls in further regions. Calls in a target always span all regions. */
  readonly everywhere?: true;
  /** Methods that call further regions only. */
  readonly further?: readonly string[];
  /** Permissions that AWS also checks for a command, in the caller's name. */
  readonly also?: Readonly<Record<string, readonly (readonly [action: string, at: string])[]>>;
};

const cache = { bucket: "Cache", key: "CacheKey" } as const;
const handedOn = [
  "a source's artifact",
  "a pipeline's artifact",
  "a smoke test's input",
  "a former smoke test's input",
  "a build's plan",
] as const;
/** The folder has the locks of the line's environments, too. */
const folderOfALine = ["a line's folder", "an environment's lock"] as const;
const everythingOfALine = [...folderOfALine, ...handedOn] as const;
const passPipelineRole = ["iam:PassRole", "PipelineStackRole"] as const;
/** CloudFormation reads a template in S3 with the rights of the caller of CreateStack. */
const readTemplate = ["s3:GetObject", "a line's folder"] as const;

const tag = ["cloudformation:TagResource", "a pipeline's stack"] as const;
const untag = ["cloudformation:UntagResource", "a pipeline's stack"] as const;

const lineQueues = ["LinesHotfix", "LinesMain", "LinesFeature"] as const;

export const adapters: Readonly<Record<string, AdapterResources>> = {
  estateFileS3: { at: ["the estate"] },
  estatePublicationS3: {
    at: ["the estate"],
    bucket: "Registry",
    methods: { proposal: ["an estate's proposal", "a proposal of Identity Center"] },
  },
  templateRegistryS3: { at: ["the index of release templates", "a release template"] },
  templatePublicationS3: {
    at: ["a release template"],
    bucket: "Registry",
    methods: {
      proposal: ["a release template's proposal", "another person's proposal of a release template"],
    },
  },
  templateProposalsAws: {
    at: ["a release template's proposal"],
    methods: { publish: ["Publish"] },
  },
  artifactsS3: { at: ["an upload"], bucket: "Artifacts (uploads)" },
  reviewsS3: { at: ["a review"] },
  changeSetsCloudformation: {
    at: ["an application's stack"],
    also: { CreateChangeSetCommand: [["iam:PassRole", "ExecutionRole"]] },
    inTarget: true,
  },
  resultsS3: { at: ["a result"], bucket: "Artifacts (results)" },
  pastResultsS3: { at: ["a result"], bucket: "Artifacts (results)" },
  uploadRecordsS3: { at: ["the record of an upload"], bucket: "Artifacts (records of uploads)" },
  peopleS3: {
    at: ["a person's key", "a person's name"],
    bucket: "Artifacts (people)",
    methods: { find: ["a person's key"], name: ["a person's name"] },
  },
  lineCacheS3: {
    ...cache,
    removesVersions: true,
    at: folderOfALine,
    methods: { remove: everythingOfALine, removeIn: handedOn },
    further: ["removeIn"],
  },
  uploadsS3: { at: ["an upload"] },
  resultVersionsS3: { at: ["a result"], bucket: "Artifacts (results)" },
  approvalsCodepipeline: {
    at: ["a pipeline"],
    methods: { decide: ["an approval"] },
  },
  orphanCollectorLambda: { at: ["Sweep"] },
  deadLettersSqs: {
    at: ["LinesDeadLetters"],
    // SQS moves the messages with the rights of the caller (SQS API Reference, StartMessageMoveTask).
    also: {
      StartMessageMoveTaskCommand: [
        ["sqs:ReceiveMessage", "LinesDeadLetters"],
        ["sqs:DeleteMessage", "LinesDeadLetters"],
        ...lineQueues.map((name) => ["sqs:SendMessage", name] as const),
      ],
    },
  },
  templateRegistryWriterS3: {
    at: ["the index of release templates"],
    bucket: "Registry",
    methods: {
      load: ["a release template"],
      confirmed: ["a release template"],
      module: ["a release template"],
      settings: ["a release template"],
    },
  },
  intakeQueueSqs: { at: ["Intake"] },
  environmentLocksS3: { ...cache, at: ["an environment's lock"] },
  lineEventsEventbridge: { at: ["EventBus"] },
  announcementsSns: { at: ["Notifications"], key: "CacheKey" },
  metricsCloudwatch: { at: ["all of cloudwatch"] },
  lockOwnersCodepipeline: { at: ["a pipeline"] },
  slotRecordsS3: { ...cache, removesVersions: true, at: ["a slot record"] },
  assetsS3: { ...cache, at: ["an asset"], everywhere: true },
  jobArtifactsS3: { ...cache, at: handedOn },
  jobsCodepipeline: { at: ["all of codepipeline"] },
  lineQueueSqs: { at: lineQueues },
  lineRetrySqs: { at: lineQueues },
  pipelineStacksCloudformation: {
    at: ["a pipeline's stack"],
    also: {
      CreateStackCommand: [passPipelineRole, readTemplate, tag],
      UpdateStackCommand: [passPipelineRole, readTemplate, tag, untag],
    },
  },
  removeStack: { at: ["a pipeline's stack"] },
  executionsCodepipeline: {
    at: ["a pipeline"],
    methods: {
      disableTransition: ["a pipeline's stage"],
      enableTransition: ["a pipeline's stage"],
      reject: ["an approval"],
    },
  },
  applicationsCloudformation: { at: ["an application's stack"], inTarget: true },
  functionsLambda: { at: [aHandlersFunction], inTarget: true },
  sitesS3: {
    at: ["an application's object"],
    bucket: "an application's bucket",
    methods: { invalidate: ["an application's cloudfront distribution/x"] },
    inTarget: true,
  },
  stackValuesCloudformation: { at: ["an application's stack"], inTarget: true },
  alarmsCloudwatch: { at: ["a foreign alarm"], inTarget: true },
  migrationLedgerSsm: { at: ["a migration's record"], inTarget: true },
  targetSettings: {
    // A team's settings may refer to the records of its migrations.
    at: ["a foreign parameter", "a migration's record", "a public parameter"],
    methods: { secrets: ["a foreign secret"] },
    inTarget: true,
  },
  storedParameters: {
    at: ["a foreign parameter", "a migration's record", "a public parameter"],
    inTarget: true,
  },
  leftoversAws: {
    at: ["a result"],
    bucket: "Cache",
    buckets: { results: "Artifacts (results)", removeResults: "Artifacts (results)" },
    methods: { removePipeline: ["a pipeline"] },
    inTarget: ["appStacks"],
  },
};

/** Actions that IAM checks without a resource. */
export const ofTheAccount: ReadonlySet<string> = new Set([
  "cloudformation:ListStacks",
  "codepipeline:ListPipelines",
]);
