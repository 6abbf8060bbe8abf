/** AWS::CodeBuild::Project. */
import { isObject, type JsonObject } from "#cloud/cloudformation/json.ts";
import { camelCase } from "./camel-case.ts";
import { type Provisioned, type ResourceContext, type ResourceType, textOf } from "./resource-type.ts";
import { allTags, lowerTags } from "./tag-lists.ts";

function input(name: string, properties: JsonObject, context: ResourceContext): Record<string, unknown> {
  const {
    Tags: _tags,
    Name: _name,
    Source,
    BadgeEnabled: _badge,
    Triggers: _triggers,
    Visibility: _visibility,
    ResourceAccessRole: _access,
    Cache,
    FileSystemLocations,
    ...rest
  } = properties;
  const source = isObject(Source) ? Source : {};
  const { BuildSpec, ...sourceRest } = source;
  return {
    ...(camelCase(rest, new Set()) as Record<string, unknown>),
    name,
    source: {
      ...(camelCase(sourceRest, new Set()) as Record<string, unknown>),
      ...(BuildSpec === undefined ? {} : { buildspec: BuildSpec }),
    },
    ...(Cache === undefined ? {} : { cache: camelCase(Cache, new Set()) }),
    ...(FileSystemLocations === undefined
      ? {}
      : { fileSystemLocations: camelCase(FileSystemLocations, new Set()) }),
    tags: lowerTags(allTags(properties, context)),
  };
}

const described = (name: string, context: ResourceContext): Provisioned => ({
  physicalId: name,
  attributes: { Id: name, Arn: `arn:aws:codebuild:${context.region}:${context.account}:project/${name}` },
});

export const codeBuildProject: ResourceType = {
  type: "AWS::CodeBuild::Project",
  create: async (properties, context) => {
    const name = textOf(properties, "Name") ?? context.name({ max: 255 });
    await context.call("codebuild", "CreateProject", input(name, properties, context));
    return described(name, context);
  },
  update: async (name, properties, _previous, context) => {
    await context.call("codebuild", "UpdateProject", input(name, properties, context));
    return described(name, context);
  },
  delete: async (name, _properties, context) => {
    await context.call("codebuild", "DeleteProject", { name });
  },
  permissions: [
    "codebuild:CreateProject",
    "codebuild:UpdateProject",
    "codebuild:DeleteProject",
    "iam:PassRole",
  ],
};
