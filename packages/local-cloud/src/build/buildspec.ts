/**
 * Reads a buildspec (version 0.2): its variables, phases and artifacts. An invalid buildspec is rejected
 * with CodeBuild's reason.
 */
import { parse } from "yaml";
import { AwsError } from "#cloud/kernel/aws-error.ts";

export type PhaseName = "install" | "pre_build" | "build" | "post_build";

export const phaseNames: readonly PhaseName[] = ["install", "pre_build", "build", "post_build"];

type Phase = {
  readonly commands: readonly string[];
  readonly finally: readonly string[];
  readonly onFailure?: "ABORT" | "CONTINUE";
};

export type ArtifactSpec = {
  readonly files: readonly string[];
  readonly exclude: readonly string[];
  readonly baseDirectory?: string;
  readonly discardPaths: boolean;
  readonly name?: string;
};

export type Buildspec = {
  readonly variables: Readonly<Record<string, string>>;
  readonly parameterStore: Readonly<Record<string, string>>;
  readonly secretsManager: Readonly<Record<string, string>>;
  readonly exported: readonly string[];
  readonly phases: Partial<Record<PhaseName, Phase>>;
  readonly artifacts?: ArtifactSpec;
  readonly secondaryArtifacts: Readonly<Record<string, ArtifactSpec>>;
};

/** The error code in the phase context of a build with an invalid buildspec. */
const wrong = (message: string): AwsError => new AwsError("YAML_FILE_ERROR", message);

export function parseBuildspec(text: string): Buildspec {
  const spec = record(read(text), "buildspec");
  const version = String(spec["version"] ?? "");
  if (version !== "0.2" && version !== "0.1") {
    throw wrong(
      `Unknown version ${version === "" ? "(none)" : version}: the version of a buildspec must be 0.2 or 0.1`,
    );
  }
  const phases = record(spec["phases"] ?? {}, "phases");
  const unknown = Object.keys(phases).find((name) => !phaseNames.some((known) => known === name));
  if (unknown !== undefined) throw wrong(`Unknown phase ${unknown}: the phases are ${phaseNames.join(", ")}`);
  const env = record(spec["env"] ?? {}, "env");
  const artifacts = spec["artifacts"] === undefined ? undefined : record(spec["artifacts"], "artifacts");
  const secondary = record(artifacts?.["secondary-artifacts"] ?? {}, "secondary-artifacts");
  return {
    variables: texts(env["variables"], "env.variables"),
    parameterStore: texts(env["parameter-store"], "env.parameter-store"),
    secretsManager: texts(env["secrets-manager"], "env.secrets-manager"),
    exported: list(env["exported-variables"], "env.exported-variables"),
    phases: Object.fromEntries(Object.entries(phases).map(([name, phase]) => [name, readPhase(name, phase)])),
    ...(artifacts?.["files"] !== undefined && { artifacts: readArtifacts("artifacts", artifacts) }),
    secondaryArtifacts: Object.fromEntries(
      Object.entries(secondary).map(([name, value]) => [name, readArtifacts(name, record(value, name))]),
    ),
  };
}

function read(text: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw Object.assign(
      wrong(`The buildspec is not YAML: ${cause instanceof Error ? cause.message : String(cause)}`),
      { cause },
    );
  }
}

function readPhase(name: string, value: unknown): Phase {
  const phase = record(value ?? {}, name);
  const onFailure = phase["on-failure"];
  if (onFailure !== undefined && onFailure !== "ABORT" && onFailure !== "CONTINUE") {
    throw wrong(`The on-failure of phase ${name} is ${String(onFailure)}: it must be ABORT or CONTINUE`);
  }
  return {
    commands: list(phase["commands"], `phases.${name}.commands`),
    finally: list(phase["finally"], `phases.${name}.finally`),
    ...(onFailure !== undefined && { onFailure }),
  };
}

function readArtifacts(where: string, value: Readonly<Record<string, unknown>>): ArtifactSpec {
  const base = value["base-directory"];
  const discard = value["discard-paths"];
  return {
    files: list(value["files"], `${where}.files`),
    exclude: list(value["exclude-paths"], `${where}.exclude-paths`),
    ...(typeof base === "string" && { baseDirectory: base }),
    discardPaths: discard === true || discard === "yes",
    ...(typeof value["name"] === "string" && { name: value["name"] }),
  };
}

function record(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>;
  throw wrong(`${where} must be a mapping`);
}

const texts = (value: unknown, where: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(record(value ?? {}, where)).map(([key, item]) => [key, String(item ?? "")]),
  );

function list(value: unknown, where: string): readonly string[] {
  if (value === undefined || value === null) return [];
  if (typeof value === "string") return [value];
  if (Array.isArray(value) && value.every((item) => typeof item !== "object" || item === null)) {
    return value.filter((item) => item !== null).map(String);
  }
  throw wrong(`${where} must be a list of texts`);
}
