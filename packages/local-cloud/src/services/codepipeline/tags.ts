/** Implements the tags of pipelines and custom action types. */
import type { Tag } from "@aws-sdk/client-codepipeline";
import type { ConditionValue } from "#cloud/kernel/access.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Call } from "#cloud/kernel/service.ts";
import { accessAll, actionTypeArn, pipelineArn } from "./names.ts";
import type { CodePipelineOperation } from "./operation.ts";
import { pageOf } from "./page.ts";
import type { CodePipelineState } from "./state.ts";
import { typeKey } from "./types.ts";

type Tags = Readonly<Record<string, string>>;

const MAX_TAGS = 50;

export const tagContext = (tags: readonly Tag[] | undefined): Readonly<Record<string, ConditionValue>> =>
  tags === undefined
    ? {}
    : {
        ...Object.fromEntries(tags.map(({ key = "", value = "" }) => [`aws:RequestTag/${key}`, value])),
        "aws:TagKeys": tags.map(({ key = "" }) => key),
      };

export function checkTags(added: readonly Tag[], present: Tags): void {
  const keys = added.map(({ key = "" }) => key);
  if (keys.some((key) => key.toLowerCase().startsWith("aws:"))) {
    throw new AwsError("InvalidTagsException", "Tag keys cannot start with the reserved prefix aws:");
  }
  if (new Set(keys).size !== keys.length)
    throw new AwsError("InvalidTagsException", "Tag keys must be unique");
  if (new Set([...Object.keys(present), ...keys]).size > MAX_TAGS) {
    throw new AwsError("TooManyTagsException", `A resource can have at most ${MAX_TAGS} tags`);
  }
}

type Tagged = { readonly tags: Tags; readonly save: (tags: Tags) => void };

function findTagged(call: Call<CodePipelineState>, arn: string): Tagged {
  const parts = arn.split(":");
  if (parts[2] !== "codepipeline" || parts[4] !== call.account || parts[3] !== call.region) {
    throw new AwsError("InvalidArnException", `Invalid ARN: ${arn}`);
  }
  const { pipelines, customTypes } = call.state;
  const pipeline = [...pipelines.values()].find(
    ({ declaration }) => pipelineArn(call, declaration.name) === arn,
  );
  if (pipeline !== undefined) {
    return {
      tags: pipeline.tags,
      save: (tags) => void pipelines.set(pipeline.declaration.name, { ...pipeline, tags }),
    };
  }
  const custom = [...customTypes.values()].find(
    ({ type }) => type.id !== undefined && actionTypeArn(call, type.id) === arn,
  );
  if (custom !== undefined) {
    return {
      tags: custom.tags,
      save: (tags) => void customTypes.set(typeKey(custom.type.id ?? {}), { ...custom, tags }),
    };
  }
  throw new AwsError("ResourceNotFoundException", `Could not find a resource with the ARN ${arn}`);
}

const tagAccess = (action: string, arn: string | undefined, call: Call<CodePipelineState>) => {
  const name = (arn ?? "").split(":")[5] ?? "";
  const tags = call.state.pipelines.get(name)?.tags;
  return { ...accessAll(action), resource: arn ?? "*", ...(tags && { tags }) };
};

export const tagResource: CodePipelineOperation<"TagResource"> = {
  access: ({ resourceArn, tags }, call) => ({
    ...tagAccess("TagResource", resourceArn, call),
    context: tagContext(tags),
  }),
  run: ({ resourceArn = "", tags = [] }, call) => {
    const found = findTagged(call, resourceArn);
    checkTags(tags, found.tags);
    found.save({
      ...found.tags,
      ...Object.fromEntries(tags.map(({ key = "", value = "" }) => [key, value])),
    });
    return {};
  },
};

export const untagResource: CodePipelineOperation<"UntagResource"> = {
  access: ({ resourceArn, tagKeys }, call) => ({
    ...tagAccess("UntagResource", resourceArn, call),
    context: { "aws:TagKeys": tagKeys ?? [] },
  }),
  run: ({ resourceArn = "", tagKeys = [] }, call) => {
    const found = findTagged(call, resourceArn);
    found.save(Object.fromEntries(Object.entries(found.tags).filter(([key]) => !tagKeys.includes(key))));
    return {};
  },
};

export const listTagsForResource: CodePipelineOperation<"ListTagsForResource"> = {
  access: ({ resourceArn }, call) => tagAccess("ListTagsForResource", resourceArn, call),
  run: ({ resourceArn = "", nextToken, maxResults }, call) => {
    const tags = Object.entries(findTagged(call, resourceArn).tags).map(([key, value]) => ({ key, value }));
    const page = pageOf(tags, nextToken, maxResults ?? 100);
    return { tags: [...page.items], ...page.next };
  },
};
