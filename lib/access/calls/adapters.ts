/**
 * Where each adapter of lib/aws works: the kinds of places it is given. The calls themselves are read from its code; an
 * adapter or a method that is missing here is told by the check.
 */

import { aHandlersFunction } from "#access/resource.ts";

export type AdapterResources = {
  /** What its calls concern. */
  readonly at: readonly string[];
  /** What its listing calls concern. */
  readonly bucket?: string;
  /** Its objects are encrypted with this key. */
  readonly key?: string;
  /** Methods that work elsewhere. */
  readonly methods?: Readonly<Record<string, readonly string[]>>;
  /** Methods whose listing concerns another part of the bucket. */
  readonly buckets?: Readonly<Record<string, string>>;
  /** Removes version by version. */
  readonly removesVersions?: true;
  /** Works as the deploy role of a target account: always, or in these methods. */
  readonly inTarget?: true | readonly string[];
  /** What is done in a further region in the same way; what is done in a target always is. */
  readonly everywhere?: true;
  /** Methods that work in further regions alone. */
  readonly further?: readonly string[];
  /** What AWS asks besides, in the caller's name, for a command. */
  readonly also?: Readonly<Record<string, readonly (readonly [action: string, at: string])[]>>;
};

const cache = { bucket: "Cache", key: "CacheKey" } as const;
const handedOn = ["a pipeline's artifact", "a smoke test's input", "a build's plan"] as const;
const everythingOfALine = ["a line's folder", ...handedOn] as const;
const passPipelineRole = ["iam:PassRole", "PipelineStackRole"] as const;
/** A long template is read by CloudFormation with the rights of who hands it over. */
const readTemplate = ["s3:GetObject", "a line's folder"] as const;

const tag = ["cloudformation:TagResource", "a pipeline's stack"] as const;
const untag = ["cloudformation:UntagResource", "a pipeline's stack"] as const;

export const lineQueues = ["LinesHotfix", "LinesMain", "LinesFeature"] as const;

export const adapters: Readonly<Record<string, AdapterResources>> = {
  estateFileS3: { at: ["the estate"] },
  templateRegistryS3: { at: ["a release template"] },
  artifactsS3: { at: ["an upload"], bucket: "Artifacts (uploads)" },
  resultsS3: { at: ["a result"], bucket: "Artifacts (results)" },
  lineCacheS3: {
    ...cache,
    removesVersions: true,
    at: ["a line's folder"],
    methods: { forget: everythingOfALine, forgetIn: handedOn },
    further: ["forgetIn"],
  },
  slotRecordsS3: { ...cache, removesVersions: true, at: ["a mark"] },
  assetsS3: { ...cache, at: ["a part"], everywhere: true },
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
      close: ["a pipeline's stage"],
      open: ["a pipeline's stage"],
      reject: ["an approval"],
    },
  },
  applicationsCloudformation: { at: ["an application's stack"], inTarget: true },
  functionsLambda: { at: [aHandlersFunction], inTarget: true },
  sitesS3: {
    at: ["an application's object"],
    bucket: "an application's bucket",
    methods: { forget: ["an application's cloudfront distribution/x"] },
    inTarget: true,
  },
  stackValuesCloudformation: { at: ["an application's stack"], inTarget: true },
  alarmsCloudwatch: { at: ["somebody's alarm"], inTarget: true },
  migrationLedgerSsm: { at: ["a migration's record"], inTarget: true },
  targetSettings: {
    // A team may well ask what was recorded of its migrations.
    at: ["somebody's parameter", "a migration's record"],
    methods: { secrets: ["somebody's secret"] },
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

/** Listed with no resource to name. */
export const ofTheAccount: ReadonlySet<string> = new Set([
  "cloudformation:ListStacks",
  "codepipeline:ListPipelines",
]);
