/**
 * Defines the anchor's Lambdas with their grants. Each Lambda has only the rights for its own calls:
 * reconcile decides and acts, observe wakes it, and package, prepare and smoke are actions of the pipelines.
 */
import type { CfnFunction } from "aws-cdk-lib/aws-lambda";
import { Aws } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { type Lambda, lambda } from "#constructs/lambda.ts";
import { allow, type Grant, managedPolicy } from "#constructs/statements.ts";
import {
  folders,
  functions,
  lambdaKey,
  pipelinePrefix,
  reconcilePolicy,
} from "#release/names/deployed-names.ts";
import {
  answerJobs,
  assumeDeployRoles,
  countMetrics,
  decrypt,
  encryptAndDecrypt,
  findPeople,
  inCache,
  listCache,
  listCacheVersions,
  listPeople,
  listResults,
  listUploads,
  onLocks,
  onPipelines,
  onReviews,
  readRegistry,
  readResults,
  readUploads,
} from "./arns.ts";
import {
  arnsOf,
  byDigest,
  type CodeDigests,
  type FunctionsProps,
  ofALine,
  ofAPipeline,
  slotRecordsOfALine,
} from "./functions-props.ts";
import { orphanCollectionGrants, reconcileGrants, reconcilePipelineGrants } from "./line-grants.ts";
import { pollLines, reconcileSeconds } from "./line-queue.ts";

type Functions = {
  readonly observe: CfnFunction;
  readonly sweep: CfnFunction;
  /** The Lambdas that the pipelines' actions invoke. */
  readonly actions: readonly CfnFunction[];
};

export function anchorFunctions(scope: Construct, props: FunctionsProps): Functions {
  const { cache, registryBucket, artifactBucket } = props;
  const make = (
    name: keyof CodeDigests,
    {
      variables,
      ...rest
    }: {
      readonly description: string;
      readonly memory: number;
      readonly timeoutSeconds: number;
      readonly ephemeralMegabytes?: number;
      readonly variables?: Readonly<Record<string, string>>;
      readonly grants: readonly Grant[];
      readonly policies?: readonly string[];
    },
  ): Lambda =>
    lambda(scope, name[0]?.toUpperCase() + name.slice(1), {
      name: functions[name],
      code: { s3Bucket: registryBucket, s3Key: lambdaKey(props.code[name]) },
      environment: { ...environment(props), ...variables },
      ...rest,
    });

  const reconcile = make("reconcile", {
    description: "Observes a release line, decides its next step, takes it, and writes the result",
    memory: 1769, // one whole vCPU, which synthesis needs
    timeoutSeconds: reconcileSeconds,
    grants: reconcileGrants(props),
    policies: [
      managedPolicy(scope, "ReconcilePipelines", {
        name: reconcilePolicy,
        description: "What kedge-reconcile may do with pipelines, beside what its role says itself",
        grants: reconcilePipelineGrants,
      }),
    ],
  });
  pollLines(scope, props.lines, reconcile.lambda);

  const observe = make("observe", {
    description:
      "Requests a new observation of a line after an event of its pipeline or stack, and every hour of all lines",
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
    description: "Pipeline action: reads the artifact as a stream and publishes its assets by digest",
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
    assumeDeployRoles(props.targetAccounts),
    answerJobs,
  ];
  const prepare = make("prepare", {
    description: "Pipeline action: prepares template and parameters of an environment for its change set",
    memory: 512,
    timeoutSeconds: 300,
    grants: [
      ...inTheTarget,
      readRegistry(registryBucket, folders.templates),
      onReviews(artifactBucket, "PutObject"),
      readResults(artifactBucket),
      listResults(artifactBucket),
      onLocks(cache),
      onPipelines("GetPipelineExecution"),
      inCache(cache, ["GetObject", "GetObjectVersion", "PutObject"], folders.assets, byDigest),
      listCache(cache),
    ],
  });
  const execute = make("execute", {
    description: "Pipeline action: executes the change sets that an approval cleared, and compares",
    memory: 512,
    timeoutSeconds: 300,
    variables: props.pinned,
    grants: [
      readResults(artifactBucket),
      listResults(artifactBucket),
      findPeople(artifactBucket),
      listPeople(artifactBucket),
      onPipelines("ListActionExecutions"),
      inCache(cache, ["GetObject"], pipelinePrefix, ofAPipeline),
      inCache(cache, ["GetObject", "GetObjectVersion", "PutObject"], folders.assets, byDigest),
      listCache(cache),
      encryptAndDecrypt(cache),
      onLocks(cache),
      countMetrics,
      onReviews(artifactBucket, "GetObject"),
      assumeDeployRoles(props.targetAccounts),
      answerJobs,
    ],
  });
  const smoke = make("smoke", {
    description: "Pipeline action: gives the stack's outputs to the smoke test as variables",
    memory: 512,
    timeoutSeconds: 120,
    grants: [...inTheTarget, readRegistry(registryBucket, folders.estate), readUploads(artifactBucket)],
  });
  const sweep = make("sweep", {
    description: "Finds resources of lines that no longer exist, and removes them for kedge sweep --fix",
    memory: 512,
    timeoutSeconds: 900,
    grants: orphanCollectionGrants(props),
  });
  const verify = make("verify", {
    description:
      "Pipeline action: watches the alarms of a target while a new version serves a share of the traffic",
    memory: 256,
    timeoutSeconds: 60,
    grants: [assumeDeployRoles(props.targetAccounts), answerJobs],
  });
  const call = make("call", {
    description: "Pipeline action: calls a function of the target account and waits for its answer",
    memory: 256,
    timeoutSeconds: 900,
    grants: [
      inCache(cache, ["GetObject"], pipelinePrefix, ofAPipeline),
      decrypt(cache),
      assumeDeployRoles(props.targetAccounts),
      answerJobs,
    ],
  });
  const site = make("site", {
    description: "Pipeline action: publishes a site's files, assets first and pages last",
    memory: 1769,
    timeoutSeconds: 900,
    grants: [
      readUploads(artifactBucket),
      readRegistry(registryBucket, folders.estate),
      inCache(cache, ["GetObject"], pipelinePrefix, ofAPipeline),
      decrypt(cache),
      assumeDeployRoles(props.targetAccounts),
      answerJobs,
    ],
  });
  return {
    sweep: sweep.lambda,
    observe: observe.lambda,
    actions: [
      packages.lambda,
      prepare.lambda,
      execute.lambda,
      smoke.lambda,
      verify.lambda,
      call.lambda,
      site.lambda,
    ],
  };
}

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
