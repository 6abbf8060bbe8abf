/**
 * The inputs of Terraform in one environment: its folder, arguments, variables, state and providers. The
 * planning project gets them as files; the line's own builds get them as variables of their project.
 */
import { ReleaseError } from "#release/errors/errors.ts";
import type { TerraformRules } from "#release/estate/terraform-rules.ts";
import { planFiles } from "#release/names/deployed-names.ts";
import { lineName } from "#release/names/names.ts";
import type { ConfigurationRequest } from "#release/stack/configuration.ts";
import type { Settings } from "./settings.ts";

export type Given = Pick<ConfigurationRequest, "release" | "target" | "parameters"> & {
  readonly settings: Settings;
  readonly rules: TerraformRules;
};

/** CodeBuild's limit for all variables of a project is 5500 characters. */
const mostVariables = 4000;

export const given = (request: Given) => ({
  directory: directoryOf(request),
  arguments: ["-input=false", ...varFiles(request)].join(" "),
  variables: variablesOf(request),
  bucket: request.settings.stateBucket ?? "",
  key: `${lineName(request.release.line)}/${request.target.environment}.tfstate`,
  lock: request.settings.lockTable ? `dynamodb_table=${request.settings.lockTable}` : "use_lockfile=true",
  cliConfig: cliConfig(request.rules),
});

/** The files for the planning project. */
export function planInput(request: Given): Readonly<Record<string, string>> {
  const { directory, arguments: words, variables, bucket, key, lock, cliConfig: config } = given(request);
  const [lockName = "", lockValue = ""] = lock.split(/=(.*)/s);
  // A saved plan is applied with the backend that it was made with, so the lock belongs to it.
  const backend = { bucket, key, region: request.target.region, encrypt: "true", [lockName]: lockValue };
  return {
    [planFiles.directory]: directory,
    [planFiles.arguments]: words,
    [planFiles.variables]: variables,
    [planFiles.backend]: Object.entries(backend)
      .map(([name, value]) => `${name} = ${quoted(value)}\n`)
      .join(""),
    [planFiles.cliConfig]: config,
  };
}

/** A text of JSON is a text of HCL, too, once its templates are escaped. */
const quoted = (text: string): string => JSON.stringify(text).replace(/([$%])\{/g, "$1$1{");

const directoryOf = ({ settings, release }: Given): string =>
  settings.directory ?? String(release.manifest.facts["directory"]);

/** From the general name of the environment to its own: terraform lets the later win. */
function varFiles({ release, target }: Given): readonly string[] {
  const files = release.manifest.facts["varFiles"] as Readonly<Record<string, string>>;
  return target.names.flatMap((name) => (files[name] === undefined ? [] : [`-var-file=${files[name]}`]));
}

function variablesOf({ parameters, target }: Given): string {
  const text = JSON.stringify(parameters.values);
  if (text.length <= mostVariables) return text;
  const seen = `The parameters of ${target.environment} have ${text.length} characters; a build takes ${mostVariables}. Move some to a .tfvars file.`;
  throw new ReleaseError("ParametersMalformed", seen);
}

/** Terraform installs no other provider, neither from a registry nor from a folder of the artifact. */
const cliConfig = ({ providers }: TerraformRules): string =>
  `provider_installation {\n  direct {\n    include = ${JSON.stringify(providers)}\n  }\n}\n`;
