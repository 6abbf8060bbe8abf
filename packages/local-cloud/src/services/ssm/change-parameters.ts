/** These operations delete, label and tag parameters. */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { locationOf, storedParameter } from "./names.ts";
import { type Op, onParameter, type SsmCall } from "./operation.ts";
import type { Parameter } from "./state.ts";

export const deleteParameter: Op<"DeleteParameter"> = {
  access: ({ Name }, call) => onParameter("DeleteParameter", Name, call),
  run: ({ Name = "" }, call) => {
    call.state.parameters.delete(existing(call, Name).name);
    return {};
  },
};

export const deleteParameters: Op<"DeleteParameters"> = {
  access: ({ Names }, call) => (Names ?? []).map((name) => onParameter("DeleteParameters", name, call)),
  run: ({ Names = [] }, call) => {
    const DeletedParameters = Names.filter((name) => {
      const parameter = storedParameter(call.state, locationOf(name, call).name);
      return parameter !== undefined && call.state.parameters.delete(parameter.name);
    });
    return {
      DeletedParameters,
      InvalidParameters: Names.filter((name) => !DeletedParameters.includes(name)),
    };
  },
};

function existing(call: SsmCall, reference: string): Parameter {
  const parameter = storedParameter(call.state, locationOf(reference, call).name);
  if (parameter === undefined) throw new AwsError("ParameterNotFound", "");
  return parameter;
}

/** A version has at most ten labels (Systems Manager API Reference, LabelParameterVersion). */
const MAX_LABELS = 10;
const LABEL = /^(?!aws|ssm)[a-zA-Z_][a-zA-Z0-9_.-]{0,99}$/i;

export const labelParameterVersion: Op<"LabelParameterVersion"> = {
  access: ({ Name }, call) => onParameter("LabelParameterVersion", Name, call),
  run: ({ Name = "", ParameterVersion, Labels = [] }, call) => {
    const parameter = existing(call, Name);
    const wanted = ParameterVersion ?? parameter.versions.at(-1)?.version;
    if (!parameter.versions.some(({ version }) => version === wanted)) {
      throw new AwsError(
        "ParameterVersionNotFound",
        `Systems Manager could not find version ${wanted} of ${Name}. Verify the version and try again.`,
      );
    }
    const InvalidLabels = Labels.filter((label) => !LABEL.test(label));
    const valid = Labels.filter((label) => LABEL.test(label));
    // A label is on one version, so labelling moves it.
    const versions = parameter.versions.map((version) => {
      const others = version.labels.filter((label) => !valid.includes(label));
      return { ...version, labels: version.version === wanted ? [...others, ...valid] : others };
    });
    if (versions.some(({ labels }) => labels.length > MAX_LABELS))
      throw new AwsError(
        "ParameterVersionLabelLimitExceeded",
        `A version can have at most ${MAX_LABELS} labels.`,
      );
    call.state.parameters.set(parameter.name, { ...parameter, versions });
    return { InvalidLabels, ParameterVersion: wanted };
  },
};

export const unlabelParameterVersion: Op<"UnlabelParameterVersion"> = {
  access: ({ Name }, call) => onParameter("UnlabelParameterVersion", Name, call),
  run: ({ Name = "", ParameterVersion, Labels = [] }, call) => {
    const parameter = existing(call, Name);
    const target = parameter.versions.find(({ version }) => version === ParameterVersion);
    const RemovedLabels = Labels.filter((label) => target?.labels.includes(label));
    const versions = parameter.versions.map((version) =>
      version === target
        ? { ...version, labels: version.labels.filter((label) => !Labels.includes(label)) }
        : version,
    );
    call.state.parameters.set(parameter.name, { ...parameter, versions });
    return { RemovedLabels, InvalidLabels: Labels.filter((label) => !RemovedLabels.includes(label)) };
  },
};

/** The cloud can tag parameters only; it stores no documents or instances. */
function tagged(call: SsmCall, type: string | undefined, id: string | undefined): Parameter {
  if (type !== "Parameter")
    throw new AwsError(
      "InvalidResourceType",
      `The resource type ${type} is not valid here; only Parameter is kept.`,
    );
  const parameter = storedParameter(call.state, id ?? "");
  if (parameter === undefined)
    throw new AwsError(
      "InvalidResourceId",
      `The resource ID "${id}" is not valid. Verify the ID and try again.`,
    );
  return parameter;
}

export const addTagsToResource: Op<"AddTagsToResource"> = {
  access: ({ ResourceId }, call) => onParameter("AddTagsToResource", ResourceId, call),
  run: ({ ResourceType, ResourceId, Tags = [] }, call) => {
    const parameter = tagged(call, ResourceType, ResourceId);
    const added = Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value]));
    call.state.parameters.set(parameter.name, { ...parameter, tags: { ...parameter.tags, ...added } });
    return {};
  },
};

export const removeTagsFromResource: Op<"RemoveTagsFromResource"> = {
  access: ({ ResourceId }, call) => onParameter("RemoveTagsFromResource", ResourceId, call),
  run: ({ ResourceType, ResourceId, TagKeys = [] }, call) => {
    const parameter = tagged(call, ResourceType, ResourceId);
    const tags = Object.fromEntries(Object.entries(parameter.tags).filter(([key]) => !TagKeys.includes(key)));
    call.state.parameters.set(parameter.name, { ...parameter, tags });
    return {};
  },
};

export const listTagsForResource: Op<"ListTagsForResource"> = {
  access: ({ ResourceId }, call) => onParameter("ListTagsForResource", ResourceId, call),
  run: ({ ResourceType, ResourceId }, call) => ({
    TagList: Object.entries(tagged(call, ResourceType, ResourceId).tags).map(([Key, Value]) => ({
      Key,
      Value,
    })),
  }),
};
