/** The grants of reconcile and of the orphan collection, which act on all resources of a line. */
import { Aws } from "aws-cdk-lib/core";
import { bucketArn } from "#constructs/bucket.ts";
import { consume } from "#constructs/lambda.ts";
import { allow, type Grant, passRole } from "#constructs/statements.ts";
import { eventBus, eventSource, folders, pipelinePrefix, roles } from "#release/names/deployed-names.ts";
import {
  assumeDeployRoles,
  decrypt,
  encryptAndDecrypt,
  here,
  inCache,
  listCache,
  listCacheVersions,
  listUploaders,
  listUploadsAndResults,
  onPipelineStacks,
  onPipelines,
  ownRole,
  pipelines,
  readRegistry,
  readUploaders,
  readUploads,
  recordPeople,
} from "./arns.ts";
import { arnsOf, type FunctionsProps, ofALine, ofAPipeline, slotRecordsOfALine } from "./functions-props.ts";
import { topicArn } from "./notifications.ts";

/**
 * The orphan collection lists all resources and may delete every resource of Kedge; its code decides whether
 * a line still owns one.
 */
export function orphanCollectionGrants(props: FunctionsProps): readonly Grant[] {
  const { artifactBucket, cache, registryBucket } = props;
  const results = `${bucketArn(artifactBucket)}/${folders.results}${Aws.ACCOUNT_ID}/*`;
  return [
    readRegistry(registryBucket, folders.estate),
    listUploadsAndResults(artifactBucket),
    allow(["s3:DeleteObject"], [results], { because: "The results of lines that no longer exist." }),
    inCache(cache, ["GetObject", "DeleteObjectVersion"], folders.lines, ofALine),
    inCache(cache, ["DeleteObjectVersion"], folders.governor, slotRecordsOfALine),
    inCache(cache, ["DeleteObjectVersion"], pipelinePrefix, ofAPipeline),
    listCache(cache),
    listCacheVersions(cache),
    decrypt(cache),
    onPipelineStacks("DeleteStack"),
    onPipelines("DeletePipeline"),
    allow(["cloudformation:ListStacks", "codepipeline:ListPipelines"], ["*"], {
      because: "ListStacks and ListPipelines concern the whole account: IAM offers no resource for them.",
    }),
    assumeDeployRoles(props.targetAccounts),
  ];
}

export function reconcileGrants(props: FunctionsProps): readonly Grant[] {
  const { artifactBucket, cache, registryBucket } = props;
  return [
    consume(...arnsOf(props.lines)),
    allow(["sqs:SendMessage"], arnsOf(props.lines)),
    readUploads(artifactBucket, "GetObject"),
    listUploadsAndResults(artifactBucket),
    allow(
      ["s3:GetObject", "s3:PutObject"],
      [`${bucketArn(artifactBucket)}/${folders.results}${Aws.ACCOUNT_ID}/*`],
      { because: "The results of this account's lines: each upload has its own object." },
    ),
    readUploaders(artifactBucket),
    recordPeople(artifactBucket),
    listUploaders(artifactBucket),
    readRegistry(registryBucket, folders.estate, folders.templates),
    inCache(cache, ["GetObject", "PutObject", "DeleteObjectVersion"], folders.lines, ofALine),
    inCache(cache, ["GetObject", "PutObject", "DeleteObjectVersion"], folders.governor, slotRecordsOfALine),
    inCache(cache, ["DeleteObjectVersion"], pipelinePrefix, ofAPipeline),
    listCache(cache),
    listCacheVersions(cache),
    encryptAndDecrypt(cache),
    assumeDeployRoles(props.targetAccounts),
  ];
}

/** In a managed policy: the role's own policy lists all targets, and it has room for 10,240 characters. */
export const reconcilePipelineGrants: readonly Grant[] = [
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
    {
      because: "The stages of the lines' pipelines: a teardown disables the transition into the first stage.",
    },
  ),
  allow(["sns:Publish"], [topicArn]),
  allow(["events:PutEvents"], [here("events", `event-bus/${eventBus}`)], {
    when: { StringEquals: { "events:source": eventSource } },
  }),
];
