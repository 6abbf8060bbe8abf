/**
 * Uploads a build's artifacts: the files that its buildspec lists, to the bucket that the project or the
 * start names.
 */
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { basename, join, normalize } from "node:path";
import type { ProjectArtifacts } from "@aws-sdk/client-codebuild";
import type { ArtifactSpec, Buildspec } from "#cloud/build/buildspec.ts";
import { isInside, select } from "#cloud/build/file-pattern.ts";
import { filesBelow, zipFiles } from "#cloud/build/zip-writer.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Run } from "./build-context.ts";

const clientError = (message: string): AwsError => new AwsError("CLIENT_ERROR", message);

export async function uploadArtifacts(run: Run, spec: Buildspec): Promise<void> {
  const { request, build } = run.row();
  const project = run.context
    .stateOf(run.location.account, run.location.region)
    .projects.get(build.projectName);
  const primary = request.artifactsOverride ?? project?.artifacts;
  if (primary !== undefined && primary.type !== "NO_ARTIFACTS") {
    const uploaded = await upload(run, primary, spec.artifacts, "artifacts");
    run.change({ artifacts: { ...build.artifacts, ...uploaded } });
  }
  const secondary = request.secondaryArtifactsOverride ?? project?.secondaryArtifacts ?? [];
  const done = [];
  for (const artifacts of secondary) {
    const id = artifacts.artifactIdentifier ?? "";
    done.push({ artifactIdentifier: id, ...(await upload(run, artifacts, spec.secondaryArtifacts[id], id)) });
  }
  if (done.length > 0) run.change({ secondaryArtifacts: done });
}

async function upload(run: Run, artifacts: ProjectArtifacts, spec: ArtifactSpec | undefined, what: string) {
  if (spec === undefined)
    throw clientError(`The buildspec defines no artifacts for ${what}, but the build has to produce them`);
  const base = normalize(join(run.source, spec.baseDirectory ?? "."));
  const exists = await stat(base).then(
    (found) => found.isDirectory(),
    () => false,
  );
  // The build may have replaced a folder by a link to files outside.
  const inside = exists && (await isInside(run.folder, base));
  if (!inside || !base.startsWith(normalize(run.source)))
    throw clientError(`no matching base directory path found for ${spec.baseDirectory ?? "."}`);
  const names = select(await filesBelow(base), spec.files, spec.exclude);
  if (names.length === 0) throw clientError(`no matching artifact paths found: ${spec.files.join(", ")}`);
  run.log.write(`[Container] Uploading ${names.length} files of ${what}`);
  const nameIn = (name: string): string => (spec.discardPaths ? basename(name) : name);
  return artifacts.type === "S3" && artifacts.packaging !== "ZIP"
    ? await uploadFiles(run, artifacts, base, names, nameIn)
    : await uploadZip(run, artifacts, await zipFiles(base, names, nameIn));
}

/** Builds the key `path/<build id>/name` from the parts that are set. CodePipeline names the whole key. */
function keyOf(run: Run, artifacts: ProjectArtifacts): string {
  if (artifacts.type === "CODEPIPELINE") return artifacts.name ?? "";
  const { build } = run.row();
  const id = artifacts.namespaceType === "BUILD_ID" ? build.id.split(":")[1] : undefined;
  return [artifacts.path, id, artifacts.name ?? build.projectName]
    .filter((part) => part !== undefined && part !== "")
    .join("/");
}

async function put(run: Run, artifacts: ProjectArtifacts, key: string, body: Buffer): Promise<void> {
  const encryption =
    artifacts.encryptionDisabled === true
      ? {}
      : { ServerSideEncryption: "aws:kms", ...keyId(run.row().build.encryptionKey) };
  await run.call("s3", "PutObject", {
    Bucket: (artifacts.location ?? "").replace(/^arn:aws:s3:::/, ""),
    Key: key,
    Body: body,
    ContentLength: body.length,
    ...encryption,
  });
}

/** S3 uses the account's key `aws/s3` by default, so the request does not name it. */
const keyId = (key: string | undefined): object =>
  key === undefined || key.endsWith("alias/aws/s3") ? {} : { SSEKMSKeyId: key };

async function uploadZip(run: Run, artifacts: ProjectArtifacts, body: Buffer) {
  const key = keyOf(run, artifacts);
  await put(run, artifacts, key, body);
  return {
    location: `arn:aws:s3:::${artifacts.location ?? ""}/${key}`,
    sha256sum: createHash("sha256").update(body).digest("hex"),
    md5sum: createHash("md5").update(body).digest("hex"),
  };
}

async function uploadFiles(
  run: Run,
  artifacts: ProjectArtifacts,
  base: string,
  names: readonly string[],
  nameIn: (name: string) => string,
) {
  const folder = keyOf(run, artifacts);
  for (const name of names)
    await put(run, artifacts, `${folder}/${nameIn(name)}`, await readFile(join(base, name)));
  return { location: `arn:aws:s3:::${artifacts.location ?? ""}/${folder}` };
}
