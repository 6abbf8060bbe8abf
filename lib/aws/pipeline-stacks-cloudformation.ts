/**
 * Creates, updates and removes the stacks that hold the pipelines, in the anchor account. Their tags record
 * the plan they were made from.
 */
import {
  Capability,
  type CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  type Tag,
  UpdateStackCommand,
} from "@aws-sdk/client-cloudformation";
import type { LineCache } from "#ports/line-cache.ts";
import type { PipelineInput, PipelineStacks } from "#ports/pipeline-stacks.ts";
import type { PipelineStack } from "#release/line/observation.ts";
import { cacheKeys, lineName } from "#release/names/names.ts";
import { tags } from "#release/names/tags.ts";
import type { TemplateRef } from "#release/plan/plan.ts";
import { inFull } from "#release/stack/stack-failure.ts";
import { stackPhase } from "#release/stack/stack-status.ts";
import { fitsInACall } from "#release/stack/template-body.ts";
import { unlessDone } from "./error-names.ts";
import { findStack } from "./find-stack.ts";
import { lastOperation } from "./stack-failure.ts";

type PipelineStacksLocation = {
  /** The role with which CloudFormation creates pipelines. */
  readonly roleArn: string;
  readonly cacheBucket: string;
  readonly region: string;
};

export function pipelineStacksCloudformation(
  cloudformation: CloudFormationClient,
  cache: Pick<LineCache, "put">,
  location: PipelineStacksLocation,
): PipelineStacks {
  const request = async (input: PipelineInput) => ({
    StackName: input.name,
    ...(await templateOf(input, cache, location)),
    RoleARN: location.roleArn,
    // A line with a smoke test has a role, whose name is the line's.
    Capabilities: [Capability.CAPABILITY_NAMED_IAM],
    Tags: tagsOf(input),
    ClientRequestToken: input.token,
  });
  return {
    describe: (name) => describe(cloudformation, name),
    create: async (input) =>
      unlessDone(
        cloudformation.send(new CreateStackCommand(await request(input))),
        "TokenAlreadyExistsException",
        "AlreadyExistsException",
      ),
    update: async (input) =>
      unlessDone(
        cloudformation.send(new UpdateStackCommand(await request(input))),
        "TokenAlreadyExistsException",
      ),
    remove: removeStack(cloudformation),
  };
}

export const removeStack =
  (cloudformation: CloudFormationClient): PipelineStacks["remove"] =>
  (name, token) =>
    unlessDone(
      cloudformation.send(new DeleteStackCommand({ StackName: name, ClientRequestToken: token })),
      "TokenAlreadyExistsException",
    );

async function templateOf(
  { template, line }: PipelineInput,
  cache: Pick<LineCache, "put">,
  { cacheBucket, region }: PipelineStacksLocation,
): Promise<{ TemplateBody: string } | { TemplateURL: string }> {
  if (fitsInACall(template)) return { TemplateBody: template };
  const key = `${cacheKeys.folder(lineName(line))}pipeline.template`;
  await cache.put(key, new TextEncoder().encode(template));
  return { TemplateURL: `https://${cacheBucket}.s3.${region}.amazonaws.com/${key}` };
}

const tagsOf = (input: PipelineInput): Tag[] =>
  Object.entries({
    ...input.tags,
    [tags.planDigest]: input.planDigest,
    [tags.template]: formatRef(input.releaseTemplate),
  }).map(([Key, Value]) => ({ Key, Value }));

async function describe(
  cloudformation: CloudFormationClient,
  name: string,
): Promise<PipelineStack | undefined> {
  const stack = await findStack(cloudformation, name);
  if (stack === undefined) return undefined;
  const tag = (key: string) => stack.Tags?.find(({ Key }) => Key === key)?.Value;
  const planDigest = tag(tags.planDigest);
  const template = parseRef(tag(tags.template) ?? "");
  const status = stack.StackStatus ?? "";
  // The events are read by stack id, because another stack may have taken the name meanwhile.
  const last = ["broken", "reverted", "undeletable"].includes(stackPhase(status))
    ? await lastOperation(cloudformation, stack.StackId ?? name)
    : {};
  return {
    ...{ name, status },
    ...(stack.StackStatusReason !== undefined && { statusReason: stack.StackStatusReason }),
    ...(planDigest !== undefined && { planDigest }),
    ...(template && { template }),
    ...(last.token !== undefined && { lastToken: last.token }),
    ...(last.failure !== undefined && { failure: inFull(last.failure) }),
  };
}

const formatRef = ({ name, version, sha256 }: TemplateRef): string => `${name}@${version}:${sha256}`;

function parseRef(text: string): TemplateRef | undefined {
  const [, name, version, sha256] = /^([^@]+)@([^:]+):([0-9a-f]{64})$/.exec(text) ?? [];
  return name && version && sha256 ? { name, version, sha256 } : undefined;
}
