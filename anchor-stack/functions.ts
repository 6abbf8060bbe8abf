/**
 * Defines the anchor's Lambdas with their grants. Each Lambda has only the rights for its own calls:
 * reconcile decides and acts, observe wakes it, and package, prepare and smoke are actions of the pipelines.
 */
import type { CfnFunction } from "aws-cdk-lib/aws-lambda";
import type { CfnQueue } from "aws-cdk-lib/aws-sqs";
import { Aws } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { bucketArn } from "#constructs/bucket.ts";
import { consume, type Lambda, lambda } from "#constructs/lambda.ts";
import { allow, type Grant, passRole } from "#constructs/statements.ts";
import { folders, functions, lambdaKey, pipelinePrefix, roles } from "#release/names/deployed-names.ts";
import {
  answerJobs,
  assumeDeployRoles,
  decrypt,
  encryptAndDecrypt,
  here,
  inCache,
  listCache,
  listCacheVersions,
  listUploads,
  listUploadsAndResults,
  onPipelineStacks,
  onPipelines,
  ownRole,
  pipelines,
  readRegistry,
  readUploads,
} from "./arns.ts";
import type { Cache } from "./cache.ts";
import { pollLines, reconcileSeconds } from "./line-queue.ts";

/** The SHA-256 of each Lambda's zip, which is its name in the registry. */
export type CodeDigests = Readonly<
  Record<
    "reconcile" | "observe" | "package" | "prepare" | "smoke" | "sweep" | "verify" | "call" | "site",
    string
  >
>;

type FunctionsProps = {
  readonly code: CodeDigests;
  readonly centralAccount: string;
  readonly artifactBucket: string;
  readonly registryBucket: string;
  readonly deployRoles: readonly string[];
  readonly cache: Cache;
  readonly lines: readonly CfnQueue[];
  readonly observeDeadLettersArn: string;
};

type Functions = {
  readonly observe: CfnFunction;
  readonly sweep: CfnFunction;
  /** The Lambdas that the pipelines' actions invoke. */
  readonly actions: readonly CfnFunction[];
};

const ofALine = "A folder per line, named after it when the line first appears.";
const slotRecordsOfALine = "What a line marks for the others: that it is at work, or waits.";
const byDigest = "Parts are named by the SHA-256 of their content.";
const ofAPipeline = "CodePipeline makes a folder per pipeline and random names in it.";

export function anchorFunctions(scope: Construct, props: FunctionsProps): Functions {
  const { cache, registryBucket, artifactBucket } = props;
  const make = (
    name: keyof CodeDigests,
    rest: {
      readonly description: string;
      readonly memory: number;
      readonly timeoutSeconds: number;
      readonly ephemeralMegabytes?: number;
      readonly grants: readonly Grant[];
    },
  ): Lambda =>
    lambda(scope, name[0]?.toUpperCase() + name.slice(1), {
      name: functions[name],
      code: { s3Bucket: registryBucket, s3Key: lambdaKey(props.code[name]) },
      environment: environment(props),
      ...rest,
    });

  const reconcile = make("reconcile", {
    description: "Observes a release line, decides its next step, takes it, and writes the result",
    memory: 1769, // one whole vCPU, which synthesis needs
    timeoutSeconds: reconcileSeconds,
    grants: reconcileGrants(props),
  });
  pollLines(scope, props.lines, reconcile.lambda);

  const observe = make("observe", {
    description: "Turns events of pipelines and stacks, and the hourly sweep, into lines to look at again",
    memory: 256,
    timeoutSeconds: 120,
    grants: [
      allow(["sqs:SendMessage"], arnsOf(props.lines)),
      allow(["sqs:SendMessage"], [props.observeDeadLettersArn]),
      inCache(cache, ["GetObject"], folders.lines, ofALine),
      inCache(cache, ["GetObject"], folders.governor, slotRecordsOfALine),
      listCache(cache),
      listCacheVersions(cache),
      decrypt(cache),
      listUploads(artifactBucket),
      readRegistry(registryBucket, folders.estate),
    ],
  });

  const packages = make("package", {
    description: "Pipeline action: reads the artifact as a stream and publishes its parts by digest",
    memory: 1769,
    timeoutSeconds: 900,
    ephemeralMegabytes: 3072,
    grants: [
      readUploads(artifactBucket),
      readRegistry(registryBucket, folders.estate, folders.templates),
      inCache(cache, ["GetObject", "GetObjectVersion", "PutObject"], folders.assets, byDigest),
      inCache(cache, ["GetObject", "PutObject"], pipelinePrefix, ofAPipeline),
      listCache(cache),
      encryptAndDecrypt(cache),
      answerJobs,
    ],
  });

  /**
   * Prepare and smoke read CodePipeline's artifacts, call the target account, and write their output
   * artifacts.
   */
  const inTheTarget: readonly Grant[] = [
    inCache(cache, ["GetObject", "PutObject"], pipelinePrefix, ofAPipeline),
    encryptAndDecrypt(cache),
    assumeDeployRoles(props.deployRoles),
    answerJobs,
  ];
  const prepare = make("prepare", {
    description: "Pipeline action: makes template and parameters of one environment ready for its change set",
    memory: 512,
    timeoutSeconds: 300,
    grants: [
      ...inTheTarget,
      readRegistry(registryBucket, folders.templates),
      inCache(cache, ["GetObject", "GetObjectVersion"], folders.assets, byDigest),
      listCache(cache),
    ],
  });
  const smoke = make("smoke", {
    description: "Pipeline action: hands the stack's outputs to the smoke test as variables",
    memory: 512,
    timeoutSeconds: 120,
    grants: [...inTheTarget, readRegistry(registryBucket, folders.estate), readUploads(artifactBucket)],
  });
  const sweep = make("sweep", {
    description: "Finds what lines that are no more have left in the accounts, and removes it when asked to",
    memory: 512,
    timeoutSeconds: 900,
    grants: orphanCollectionGrants(props),
  });
  const verify = make("verify", {
    description:
      "Pipeline action: watches the alarms of a target while a new version has its part of the traffic",
    memory: 256,
    timeoutSeconds: 60,
    grants: [assumeDeployRoles(props.deployRoles), answerJobs],
  });
  const call = make("call", {
    description: "Pipeline action: calls a function of the target account and waits for its answer",
    memory: 256,
    timeoutSeconds: 900,
    grants: [
      inCache(cache, ["GetObject"], pipelinePrefix, ofAPipeline),
      decrypt(cache),
      assumeDeployRoles(props.deployRoles),
      answerJobs,
    ],
  });
  const site = make("site", {
    description: "Pipeline action: publishes a site's files, assets first and pages last",
    memory: 1769,
    timeoutSeconds: 900,
    grants: [
      readUploads(artifactBucket),
      listUploads(artifactBucket),
      readRegistry(registryBucket, folders.estate),
      inCache(cache, ["GetObject"], pipelinePrefix, ofAPipeline),
      decrypt(cache),
      assumeDeployRoles(props.deployRoles),
      answerJobs,
    ],
  });
  return {
    sweep: sweep.lambda,
    observe: observe.lambda,
    actions: [packages.lambda, prepare.lambda, smoke.lambda, verify.lambda, call.lambda, site.lambda],
  };
}

const arnsOf = (queues: readonly CfnQueue[]): readonly string[] => queues.map(({ attrArn }) => attrArn);

/** All other settings that a Lambda reads at run time are in the estate. */
function environment(props: FunctionsProps): Readonly<Record<string, string>> {
  return {
    ANCHOR_ACCOUNT: Aws.ACCOUNT_ID,
    CENTRAL_ACCOUNT: props.centralAccount,
    ARTIFACT_BUCKET: props.artifactBucket,
    REGISTRY_BUCKET: props.registryBucket,
    CACHE_BUCKET: props.cache.name,
    CACHE_KEY_ARN: props.cache.keyArn,
  };
}

/**
 * The orphan collection lists all resources and may delete every resource of Kedge; its code decides whether
 * a line still owns one.
 */
function orphanCollectionGrants(props: FunctionsProps): readonly Grant[] {
  const { artifactBucket, cache, registryBucket } = props;
  const results = `${bucketArn(artifactBucket)}/${folders.results}${Aws.ACCOUNT_ID}/*`;
  return [
    readRegistry(registryBucket, folders.estate),
    listUploadsAndResults(artifactBucket),
    allow(["s3:DeleteObject"], [results], { because: "Results of lines that nobody knows any more." }),
    inCache(cache, ["GetObject", "DeleteObjectVersion"], folders.lines, ofALine),
    inCache(cache, ["DeleteObjectVersion"], folders.governor, slotRecordsOfALine),
    inCache(cache, ["DeleteObjectVersion"], pipelinePrefix, ofAPipeline),
    listCache(cache),
    listCacheVersions(cache),
    decrypt(cache),
    onPipelineStacks("DeleteStack"),
    onPipelines("DeletePipeline"),
    allow(["cloudformation:ListStacks", "codepipeline:ListPipelines"], ["*"], {
      because: "Listing is of the account: IAM offers no resource for it.",
    }),
    assumeDeployRoles(props.deployRoles),
  ];
}

function reconcileGrants(props: FunctionsProps): readonly Grant[] {
  const { artifactBucket, cache, registryBucket } = props;
  return [
    consume(...arnsOf(props.lines)),
    allow(["sqs:SendMessage"], arnsOf(props.lines)),
    readUploads(artifactBucket, "GetObject"),
    listUploadsAndResults(artifactBucket),
    allow(
      ["s3:GetObject", "s3:PutObject"],
      [`${bucketArn(artifactBucket)}/${folders.results}${Aws.ACCOUNT_ID}/*`],
      { because: "The results of this account's lines, one object per upload." },
    ),
    readRegistry(registryBucket, folders.estate, folders.templates),
    inCache(cache, ["GetObject", "PutObject", "DeleteObjectVersion"], folders.lines, ofALine),
    inCache(cache, ["GetObject", "PutObject", "DeleteObjectVersion"], folders.governor, slotRecordsOfALine),
    inCache(cache, ["DeleteObjectVersion"], pipelinePrefix, ofAPipeline),
    listCache(cache),
    listCacheVersions(cache),
    encryptAndDecrypt(cache),
    onPipelineStacks(
      "CreateStack",
      "UpdateStack",
      "DeleteStack",
      "DescribeStacks",
      "DescribeStackEvents",
      "TagResource",
      "UntagResource",
    ),
    passRole([ownRole(roles.pipelineStack)], ["cloudformation.amazonaws.com"]),
    onPipelines(
      "GetPipelineState",
      "ListPipelineExecutions",
      "ListActionExecutions",
      "StartPipelineExecution",
      "StopPipelineExecution",
    ),
    allow(
      ["codepipeline:DisableStageTransition", "codepipeline:EnableStageTransition"],
      [`${pipelines}/*`, here("codepipeline", `${pipelinePrefix}*`)],
      { because: "The stages of the lines' pipelines; a teardown closes the way into the first of them." },
    ),
    assumeDeployRoles(props.deployRoles),
  ];
}
