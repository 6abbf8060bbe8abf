/**
 * Where each adapter of lib/aws works: the service it speaks to and the kinds of places it is given. The calls themselves
 * are read from its code; an adapter that is missing here is told by the check.
 */

export type AdapterPlace = {
  readonly service: string;
  /** What its calls concern. */
  readonly at: readonly string[];
  /** What its listing calls concern. */
  readonly bucket?: string;
  /** Its objects are encrypted with this key. */
  readonly key?: string;
  /** Methods that work elsewhere, too. */
  readonly methods?: Readonly<Record<string, readonly string[]>>;
  /** What AWS asks besides, in the caller's name, for a command. */
  readonly also?: Readonly<Record<string, readonly (readonly [action: string, at: string])[]>>;
};

const cache = { service: "s3", bucket: "Cache", key: "CacheKey" } as const;
const handedOn = ["a pipeline's artifact", "a smoke test's input"] as const;
const passPipelineRole = ["iam:PassRole", "PipelineStackRole"] as const;
/** A long template is read by CloudFormation with the rights of who hands it over. */
const readTemplate = ["s3:GetObject", "a line's folder"] as const;

export const adapters: Readonly<Record<string, AdapterPlace>> = {
  estateFileS3: { service: "s3", at: ["the estate"] },
  templateRegistryS3: { service: "s3", at: ["a release template"] },
  artifactsS3: { service: "s3", at: ["an upload"], bucket: "Artifacts (uploads)" },
  resultsS3: { service: "s3", at: ["a result"], bucket: "Artifacts (results)" },
  lineCacheS3: {
    ...cache,
    at: ["a line's folder"],
    methods: { forget: ["a line's folder", ...handedOn] },
  },
  marksS3: { ...cache, at: ["a line's folder"] },
  partsS3: { ...cache, at: ["a part"] },
  jobArtifactsS3: { ...cache, at: handedOn },
  jobsCodepipeline: { service: "codepipeline", at: ["all of codepipeline"] },
  lineQueueSqs: { service: "sqs", at: ["Lines"] },
  pipelineStacksCloudformation: {
    service: "cloudformation",
    at: ["a pipeline's stack"],
    also: {
      CreateStackCommand: [passPipelineRole, readTemplate],
      UpdateStackCommand: [passPipelineRole, readTemplate],
    },
  },
  executionsCodepipeline: {
    service: "codepipeline",
    at: ["a pipeline"],
    methods: { close: ["a pipeline's stage"], open: ["a pipeline's stage"] },
  },
  applicationsCloudformation: { service: "cloudformation", at: ["an application's stack"] },
  targetClients: { service: "sts", at: ["DeployRole"] },
  targetSettingsSsm: { service: "ssm", at: ["somebody's parameter"] },
};
