/** Reads a manifest off an artifact: its parameter files, its test and its template's needs, all by name or by type. */
import { ReleaseError } from "./errors.ts";
import type { Capability, Manifest, ParameterFiles, Smoke } from "./manifest.ts";
import { isServerless, resourcesOf, type TemplateDocument, transformsOf } from "./template-document.ts";

const nestedTypes = ["AWS::CloudFormation::Stack", "AWS::Serverless::Application"];
const smokeFiles = [
  { kind: "buildspec", file: "buildspec.smoke.yml" },
  { kind: "buildspec", file: "buildspec.smoke.yaml" },
  { kind: "script", file: "smoke-test.sh" },
] as const;

/** `environments` are all of the anchor's: a file for one the branch does not reach is no mistake. */
export function readManifest(
  names: readonly string[],
  template: string,
  document: TemplateDocument,
  environments: readonly string[],
): Manifest {
  const home = homeOf(template);
  return {
    template,
    serverless: isServerless(document),
    parameters: parameterFiles(names, home, environments),
    smoke: smokeOf(names, home),
    capabilities: capabilitiesOf(document),
  };
}

/** The folder of what belongs to the application: the template's, or for `sam build` output the source's. */
export const homeOf = (template: string): string =>
  template.slice(0, template.lastIndexOf("/") + 1).replace(/(^|\/)\.aws-sam\/build\/$/, "$1");

function parameterFiles(
  names: readonly string[],
  home: string,
  environments: readonly string[],
): ParameterFiles {
  const byEnvironment: Record<string, string> = {};
  for (const name of names) {
    const environment = name.startsWith(home) ? environmentOf(name.slice(home.length)) : undefined;
    if (environment === undefined) continue;
    if (!environments.includes(environment)) {
      const known = environments.join(", ");
      throw new ReleaseError(
        "UnknownEnvironment",
        `${name} is for ${environment}; the environments are ${known}.`,
      );
    }
    const other = byEnvironment[environment];
    if (other !== undefined) {
      throw new ReleaseError(
        "ParametersMalformed",
        `${other} and ${name} are both for ${environment}; keep one.`,
      );
    }
    byEnvironment[environment] = name;
  }
  const shared = `${home}parameters.json`;
  return { ...(names.includes(shared) && { shared }), byEnvironment };
}

/** `parameters.<environment>.json` or `parameters/<environment>.json`. */
const environmentOf = (name: string): string | undefined => /^parameters[./]([^/]+)\.json$/.exec(name)?.[1];

function smokeOf(names: readonly string[], home: string): Smoke {
  const found = smokeFiles.find(({ file }) => names.includes(home + file));
  return found === undefined ? { kind: "none" } : { kind: found.kind, path: home + found.file };
}

/** What a template may do to IAM is bounded by the execution role's boundary in every target, not by withholding these. */
function capabilitiesOf(document: TemplateDocument): readonly Capability[] {
  const nested = resourcesOf(document).some(({ type }) => nestedTypes.includes(type));
  const expands =
    nested || transformsOf(document).length > 0 || JSON.stringify(document).includes('"Fn::Transform"');
  return [
    "CAPABILITY_IAM",
    "CAPABILITY_NAMED_IAM",
    ...(expands ? (["CAPABILITY_AUTO_EXPAND"] as const) : []),
  ];
}
