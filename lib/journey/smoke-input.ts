/**
 * Runs the pipeline's smoke-input action: it packs the artifact's own smoke test for CodeBuild, with the
 * outputs of the environment's stacks as variables.
 */

import type { Applications } from "#ports/applications.ts";
import type { Artifacts } from "#ports/artifacts.ts";
import type { EstateFile } from "#ports/estate-file.ts";
import type { JobArtifacts } from "#ports/job-artifacts.ts";
import type { Smoke } from "#release/artifact/manifest.ts";
import { describeProblems, plainValue, yamlTree } from "#release/document/node-tree.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { Release } from "#release/plan/release.ts";
import { writeZip, type ZipContent } from "#release/zip/zip-write.ts";
import { artifactFiles } from "./artifact-files.ts";
import { documents } from "./documents.ts";
import type { EnvironmentJob, JobAnswer } from "./job.ts";
import { type OpenArtifact, openArtifact } from "./open-artifact.ts";
import { readRelease } from "./package-artifact.ts";

type SmokeDeps = {
  readonly jobArtifacts: JobArtifacts;
  readonly estate: EstateFile;
  readonly artifacts: Pick<Artifacts, "reader">;
  readonly applications: Pick<Applications, "outputs" | "stacksOfLine">;
};

type Variables = Readonly<Record<string, string>>;

/** `onRelease` gets the release for the log. */
export async function smokeInput(
  deps: SmokeDeps,
  job: EnvironmentJob,
  onRelease: (release: Release) => void = () => undefined,
): Promise<JobAnswer> {
  const release = await readRelease(deps.jobArtifacts, job);
  onRelease(release);
  const { smoke } = release.manifest;
  if (smoke.kind === "none") {
    throw new ReleaseError(
      "ReleaseDocumentMalformed",
      "The pipeline requests a smoke test, and the artifact has none.",
    );
  }
  const { limits } = await deps.estate.load();
  const artifact = await openArtifact(deps.artifacts, release.artifact, limits);
  const variables = variablesFor(release, job, await outputsOf(deps, job));
  const buildspec = await buildspecOf(artifact, smoke, variables);
  const files = await testFiles(deps, artifact, smoke.path);
  const content = JSON.stringify(buildspec, null, 2); // JSON is YAML
  await deps.jobArtifacts.write(job.output, writeZip([...files, { name: documents.buildspec, content }]));
  return { type: "done", outputs: {} };
}

/** An application of several stacks has the outputs of all its stacks. */
async function outputsOf({ applications }: SmokeDeps, job: EnvironmentJob): Promise<Variables> {
  const only = await applications.outputs(job, job.stack);
  if (Object.keys(only).length > 0) return only;
  const stacksOfLine = await applications.stacksOfLine(job, [job.stack]);
  const all = await Promise.all(stacksOfLine.map(({ name }) => applications.outputs(job, name)));
  return Object.assign({}, ...all) as Variables;
}

const variablesFor = ({ line, artifact }: Release, job: EnvironmentJob, outputs: Variables): Variables => ({
  ...outputs,
  KEDGE_ENVIRONMENT: job.environment,
  KEDGE_ACCOUNT: job.account,
  KEDGE_REGION: job.region,
  KEDGE_STACK: job.stack,
  KEDGE_APP: line.app,
  KEDGE_BRANCH: line.branch,
  KEDGE_VERSION: artifact.versionId,
});

async function buildspecOf(
  artifact: OpenArtifact,
  smoke: Exclude<Smoke, { readonly kind: "none" }>,
  variables: Variables,
): Promise<object> {
  if (smoke.kind === "script") {
    const script = smoke.path.slice(smoke.path.lastIndexOf("/") + 1);
    return {
      version: 0.2,
      env: { variables },
      phases: { build: { commands: [`chmod +x ./${script}`, `./${script}`] } },
    };
  }
  const own = await ownBuildspec(artifact, smoke.path);
  const env = isFields(own["env"]) ? own["env"] : {};
  const given = isFields(env["variables"]) ? env["variables"] : {};
  return { ...own, env: { ...env, variables: { ...given, ...variables } } };
}

type Fields = { readonly [name: string]: unknown };

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

async function ownBuildspec(artifact: OpenArtifact, path: string): Promise<Fields> {
  const { root, problems } = yamlTree(await artifact.text(path, "The smoke test"));
  if (problems.length > 0) {
    throw new ReleaseError("SmokeTestFailed", `${path} is not YAML: ${describeProblems(problems)}`);
  }
  const value = plainValue(root);
  if (isFields(value)) return value;
  throw new ReleaseError("SmokeTestFailed", `${path} is not a buildspec: it has no fields.`);
}

/** The test itself, and all files in a folder `smoke` or `smoke-test` next to it. */
function testFiles(deps: SmokeDeps, artifact: OpenArtifact, path: string): Promise<readonly ZipContent[]> {
  const home = path.slice(0, path.lastIndexOf("/") + 1);
  const wanted = artifact.files.filter(
    ({ name }) => name === path || name.startsWith(`${home}smoke/`) || name.startsWith(`${home}smoke-test/`),
  );
  return artifactFiles(deps.artifacts, artifact, wanted, (name) => name.slice(home.length), {
    code: "SmokeTestFailed",
    what: "The test's files",
  });
}
