/**
 * Builds the CloudFormation request of an action: it reads template, parameters, tags and stack policy from
 * the input artifacts.
 */
import { readZip } from "#cloud/build/zip-reader.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { InputArtifact, Job } from "./provider.ts";

const INLINE_TEMPLATE = 51_200;
const INPUT_ARTIFACT = 256 * 1024 * 1024;

const misconfigured = (message: string): AwsError => new AwsError("ConfigurationError", message);

/** Returns the members that CreateStack, UpdateStack and CreateChangeSet share. */
export async function stackRequest(job: Job): Promise<Readonly<Record<string, unknown>>> {
  const {
    StackName,
    TemplatePath = "",
    TemplateConfiguration,
    ParameterOverrides,
    Capabilities,
    RoleArn,
  } = job.configuration;
  const read = fileReader(job);
  const template = await read(TemplatePath);
  const configuration =
    TemplateConfiguration === undefined
      ? {}
      : parse(await read(TemplateConfiguration), TemplateConfiguration);
  const overrides =
    ParameterOverrides === undefined ? {} : await resolveOverrides(job, ParameterOverrides, read);
  const parameters = { ...record(configuration["Parameters"]), ...overrides };
  const policy = configuration["StackPolicy"];
  return {
    StackName,
    ...(await templateMember(job, TemplatePath, template)),
    Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    })),
    ...(configuration["Tags"] !== undefined && {
      Tags: Object.entries(record(configuration["Tags"])).map(([Key, Value]) => ({ Key, Value })),
    }),
    ...(Capabilities !== undefined && {
      Capabilities: Capabilities.split(",").map((capability) => capability.trim()),
    }),
    ...(RoleArn !== undefined && { RoleARN: RoleArn }),
    ...(policy !== undefined &&
      job.configuration["ActionMode"] !== "CHANGE_SET_REPLACE" && {
        StackPolicyBody: JSON.stringify(policy),
      }),
  };
}

type Reader = (path: string) => Promise<string>;

/** Reads a file named as `Artifact::path`. The reader fetches each artifact once. */
function fileReader(job: Job): Reader {
  const archives = new Map<string, ReturnType<typeof readZip>>();
  return async (path) => {
    const [name = "", file = ""] = path.split(/::(.*)/s);
    const artifact = inputNamed(job, name);
    const archive = archives.get(name) ?? (await open(artifact));
    archives.set(name, archive);
    const entry = archive.find((candidate) => candidate.name === file.replace(/^\.\//, ""));
    if (entry === undefined) {
      throw misconfigured(`File [${file}] does not exist in artifact [${name}]`);
    }
    return entry.read().toString("utf8");
  };
}

async function open(artifact: InputArtifact): Promise<ReturnType<typeof readZip>> {
  const bytes = await artifact.read();
  if (bytes.length > INPUT_ARTIFACT) {
    throw misconfigured(
      `Artifact [${artifact.name}] exceeds the max artifact size of ${INPUT_ARTIFACT} bytes`,
    );
  }
  return readZip(bytes);
}

function inputNamed(job: Job, name: string): InputArtifact {
  const found = job.inputs.find((input) => input.name === name);
  if (found === undefined) throw misconfigured(`Artifact [${name}] is not an input artifact of the action`);
  return found;
}

/** A small template goes inline. A larger one goes by a URL that the action's role can read. */
async function templateMember(job: Job, path: string, template: string): Promise<object> {
  const bytes = Buffer.from(template);
  if (bytes.length <= INLINE_TEMPLATE) return { TemplateBody: template };
  const location = await job.keep(path.split("::")[0] ?? "Template", bytes);
  return { TemplateURL: `https://s3.${job.region}.amazonaws.com/${location.bucket}/${location.key}` };
}

function parse(text: string, what: string): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw Object.assign(misconfigured(`${what} is not valid JSON`), { cause });
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    throw misconfigured(`${what} is not a JSON object`);
  return parsed as Readonly<Record<string, unknown>>;
}

const record = (value: unknown): Readonly<Record<string, string>> =>
  typeof value === "object" && value !== null
    ? Object.fromEntries(
        Object.entries(value).map(([key, item]) => [
          key,
          Array.isArray(item) ? item.join(",") : String(item),
        ]),
      )
    : {};

/** A value is a text, `Fn::GetArtifactAtt` or `Fn::GetParam`. */
async function resolveOverrides(
  job: Job,
  text: string,
  read: Reader,
): Promise<Readonly<Record<string, string>>> {
  const resolved: Record<string, string> = {};
  for (const [key, value] of Object.entries(parse(text, "ParameterOverrides"))) {
    resolved[key] = await resolveOverride(job, key, value, read);
  }
  return resolved;
}

async function resolveOverride(job: Job, key: string, value: unknown, read: Reader): Promise<string> {
  if (Array.isArray(value)) return value.join(",");
  if (typeof value !== "object" || value === null) return String(value);
  const [[name, given] = ["", undefined]] = Object.entries(value);
  const [artifact = "", second = "", third = ""] = Array.isArray(given) ? given.map(String) : [];
  if (name === "Fn::GetArtifactAtt") {
    const { location } = inputNamed(job, artifact);
    const url = `https://s3.${job.region}.amazonaws.com/${location.bucket}/${location.key}`;
    const attribute = { BucketName: location.bucket, ObjectKey: location.key, URL: url }[second];
    if (attribute !== undefined) return attribute;
    throw misconfigured(
      `Fn::GetArtifactAtt of the parameter ${key} names ${second}, which is not BucketName, ObjectKey or URL`,
    );
  }
  if (name === "Fn::GetParam") {
    const found = parse(await read(`${artifact}::${second}`), second)[third];
    if (found !== undefined) return typeof found === "string" ? found : JSON.stringify(found);
    throw misconfigured(`Key [${third}] does not exist in file [${second}] of artifact [${artifact}]`);
  }
  throw misconfigured(
    `The override of the parameter ${key} uses ${name}, which is not Fn::GetArtifactAtt or Fn::GetParam`,
  );
}
