/** AWS::CodePipeline::Pipeline. */
import { isList, isObject, type Json, type JsonObject, sameJson } from "#cloud/cloudformation/json.ts";
import { camelCase } from "./camel-case.ts";
import type { Provisioned, ResourceContext, ResourceType } from "./resource-type.ts";
import { textOf } from "./resource-type.ts";
import { allTags, lowerTags, tagChanges } from "./tag-lists.ts";

const opaque: ReadonlySet<string> = new Set(["Configuration"]);

const strings = (value: Json | undefined): Record<string, string> =>
  isObject(value)
    ? Object.fromEntries(
        Object.entries(value).map(([key, one]) => [
          key,
          isObject(one) || isList(one) ? JSON.stringify(one) : String(one),
        ]),
      )
    : {};

/** Configuration values are text in the API, for every type in the template. */
const textConfigurations = (value: Json): Json => {
  if (isList(value)) return value.map(textConfigurations);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      name === "Configuration" ? strings(item) : textConfigurations(item),
    ]),
  );
};

function declaration(name: string, properties: JsonObject): Record<string, unknown> {
  const {
    Name: _name,
    Tags: _tags,
    RestartExecutionOnUpdate: _restart,
    DisableInboundStageTransitions: _transitions,
    ArtifactStores: stores,
    ...rest
  } = properties;
  const stage = camelCase(textConfigurations(rest), opaque) as Record<string, unknown>;
  const regional = isList(stores) ? stores.filter(isObject) : [];
  return {
    ...stage,
    name,
    ...(regional.length > 0
      ? {
          artifactStores: Object.fromEntries(
            regional.map((one) => [String(one["Region"]), camelCase(one["ArtifactStore"] ?? {}, opaque)]),
          ),
        }
      : {}),
  };
}

const transitions = (properties: JsonObject): readonly JsonObject[] => {
  const value = properties["DisableInboundStageTransitions"];
  return isList(value) ? value.filter(isObject) : [];
};

async function disable(
  pipelineName: string,
  properties: JsonObject,
  previous: JsonObject,
  context: ResourceContext,
): Promise<void> {
  if (sameJson(transitions(properties), transitions(previous))) return;
  for (const one of transitions(previous)) {
    await context.call("codepipeline", "EnableStageTransition", {
      pipelineName,
      stageName: one["StageName"],
      transitionType: "Inbound",
    });
  }
  for (const one of transitions(properties)) {
    await context.call("codepipeline", "DisableStageTransition", {
      pipelineName,
      stageName: one["StageName"],
      transitionType: "Inbound",
      reason: one["Reason"],
    });
  }
}

type Answer = { readonly pipeline?: { readonly version?: number } };

const described = (name: string, answer: Answer): Provisioned => ({
  physicalId: name,
  attributes: { Version: String(answer.pipeline?.version ?? 1) },
});

export const codePipelinePipeline: ResourceType = {
  type: "AWS::CodePipeline::Pipeline",
  create: async (properties, context) => {
    const name = textOf(properties, "Name") ?? context.name({ max: 100 });
    const answer = await context.call<Answer>("codepipeline", "CreatePipeline", {
      pipeline: declaration(name, properties),
      tags: lowerTags(allTags(properties, context)),
    });
    await disable(name, properties, {}, context);
    return described(name, answer);
  },
  update: async (name, properties, previous, context) => {
    const [wanted, before] = [declaration(name, properties), declaration(name, previous)];
    const answer = sameJson(wanted, before)
      ? await context.call<Answer>("codepipeline", "GetPipeline", { name })
      : await context.call<Answer>("codepipeline", "UpdatePipeline", { pipeline: wanted });
    await disable(name, properties, previous, context);
    const resourceArn = `arn:aws:codepipeline:${context.region}:${context.account}:${name}`;
    const { tags = [] } = await context.call<{ tags?: { key: string; value: string }[] }>(
      "codepipeline",
      "ListTagsForResource",
      { resourceArn },
    );
    const { add, remove } = tagChanges(
      tags.map((tag) => ({ Key: tag.key, Value: tag.value })),
      allTags(properties, context),
    );
    if (add.length > 0)
      await context.call("codepipeline", "TagResource", { resourceArn, tags: lowerTags(add) });
    if (remove.length > 0)
      await context.call("codepipeline", "UntagResource", { resourceArn, tagKeys: remove });
    if (String(properties["RestartExecutionOnUpdate"]) === "true")
      await context.call("codepipeline", "StartPipelineExecution", { name });
    return described(name, answer);
  },
  delete: async (name, _properties, context) => {
    await context.call("codepipeline", "DeletePipeline", { name });
  },
  permissions: [
    "codepipeline:CreatePipeline",
    "codepipeline:GetPipeline",
    "codepipeline:UpdatePipeline",
    "codepipeline:DeletePipeline",
    "codepipeline:DisableStageTransition",
    "codepipeline:EnableStageTransition",
    "codepipeline:ListTagsForResource",
    "codepipeline:TagResource",
    "codepipeline:UntagResource",
    "iam:PassRole",
  ],
};
