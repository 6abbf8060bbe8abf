/** Lists the resources that Kedge created in the accounts of an anchor, and removes orphans. */
import { type CloudFormationClient, paginateListStacks, StackStatus } from "@aws-sdk/client-cloudformation";
import { type CodePipelineClient, DeletePipelineCommand } from "@aws-sdk/client-codepipeline";
import {
  DeleteObjectCommand,
  ListObjectsV2Command,
  paginateListObjectsV2,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { Leftovers } from "#ports/leftovers.ts";
import type { AccountInRegion } from "#ports/target.ts";
import { folders } from "#release/names/deployed-names.ts";
import { pipelineNames } from "./pipeline-names.ts";

const alive = Object.values(StackStatus).filter(
  (status) => status !== StackStatus.DELETE_COMPLETE && status !== StackStatus.DELETE_IN_PROGRESS,
);

type LeftoversClients = {
  readonly s3: S3Client;
  readonly codepipeline: CodePipelineClient;
  readonly cloudformation: CloudFormationClient;
  readonly inTarget: (target: AccountInRegion) => CloudFormationClient;
};

export const leftoversAws = (
  { s3, codepipeline, cloudformation, inTarget }: LeftoversClients,
  { artifactBucket, cacheBucket }: { readonly artifactBucket: string; readonly cacheBucket: string },
): Leftovers => ({
  pipelineStacks: (prefix) => stackNames(cloudformation, prefix),
  appStacks: (target, prefix) => stackNames(inTarget(target), prefix),
  pipelines: (prefix) => pipelineNames(codepipeline, prefix),
  cacheFolders: async (Prefix) => {
    const names: string[] = [];
    const input = { Bucket: cacheBucket, Prefix, Delimiter: "/" };
    for await (const { CommonPrefixes = [] } of paginateListObjectsV2({ client: s3 }, input))
      names.push(...CommonPrefixes.map(({ Prefix: folder = "" }) => folder.slice(0, -1)));
    return names;
  },
  results: async function* (account) {
    const input = { Bucket: artifactBucket, Prefix: `${folders.results}${account}/` };
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, input))
      for (const { Key = "" } of Contents) if (Key.endsWith("/latest.json")) yield Key;
  },
  removePipeline: async (name) => {
    await codepipeline.send(new DeletePipelineCommand({ name }));
  },
  removeResults: async (Prefix) => {
    // The delimiter limits the list to this line: `a/b/` is also the prefix of the results of the branch
    // `b/c`.
    const input = { Bucket: artifactBucket, Prefix, Delimiter: "/" };
    const { Contents = [] } = await s3.send(new ListObjectsV2Command(input));
    for (const { Key } of Contents) await s3.send(new DeleteObjectCommand({ Bucket: artifactBucket, Key }));
  },
});

/** Leaves out stacks in deletion, and nested stacks, which are deleted with their parent. */
async function stackNames(client: CloudFormationClient, prefix: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { StackSummaries = [] } of paginateListStacks({ client }, { StackStatusFilter: alive }))
    names.push(
      ...StackSummaries.flatMap(({ StackName = "", ParentId }) => (ParentId === undefined ? StackName : [])),
    );
  return names.filter((name) => name.startsWith(prefix));
}
