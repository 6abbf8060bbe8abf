/** Downloads a build's sources and finds its buildspec. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Readable } from "node:stream";
import type { ProjectSource } from "@aws-sdk/client-codebuild";
import { isSafeName, looksLikeZip, unzipTo } from "#cloud/build/zip-reader.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Run } from "./build-context.ts";

const clientError = (message: string): AwsError => new AwsError("CLIENT_ERROR", message);

/** Downloads all sources; returns their folders by environment variable, e.g. `CODEBUILD_SRC_DIR`. */
export async function readSources(run: Run): Promise<Readonly<Record<string, string>>> {
  const { source, secondarySources = [] } = run.row().build;
  await mkdir(run.source, { recursive: true });
  if (source !== undefined) await readSource(run, source, run.source);
  const folders: Record<string, string> = { CODEBUILD_SRC_DIR: run.source };
  for (const secondary of secondarySources) {
    const name = secondary.sourceIdentifier ?? "";
    const folder = join(run.folder, "sources", name);
    await mkdir(folder, { recursive: true });
    await readSource(run, secondary, folder);
    folders[`CODEBUILD_SRC_DIR_${name}`] = folder;
  }
  return folders;
}

async function readSource(run: Run, source: ProjectSource, folder: string): Promise<void> {
  const { type = "NO_SOURCE", location = "" } = source;
  if (type === "NO_SOURCE") return;
  if (type !== "S3" && type !== "CODEPIPELINE") {
    run.context.cloud.log(
      `codebuild: the source type ${type} is not implemented; add it to packages/local-cloud/src/services/codebuild/source.ts`,
    );
    throw clientError(
      `The source type ${type} is not available in the embedded cloud: use S3, CODEPIPELINE or NO_SOURCE`,
    );
  }
  const [bucket = "", ...rest] = location.replace(/^arn:aws:s3:::/, "").split("/");
  const key = rest.join("/");
  if (key === "" || key.endsWith("/")) await readFolder(run, bucket, key, folder);
  else {
    const version = type === "S3" ? run.row().build.sourceVersion : undefined;
    const bytes = await readObject(run, bucket, key, version);
    if (looksLikeZip(bytes)) await unzipTo(bytes, folder);
    else await writeFile(join(folder, basename(key)), bytes);
  }
}

async function readFolder(run: Run, bucket: string, prefix: string, folder: string): Promise<void> {
  let token: string | undefined;
  do {
    const page = await run.call<{ Contents?: readonly { Key?: string }[]; NextContinuationToken?: string }>(
      "s3",
      "ListObjectsV2",
      {
        Bucket: bucket,
        Prefix: prefix,
        ...(token !== undefined && { ContinuationToken: token }),
      },
    );
    for (const { Key: key = "" } of page.Contents ?? []) {
      const name = key.slice(prefix.length);
      if (name === "" || name.endsWith("/")) continue;
      if (!isSafeName(name))
        throw clientError(`The object ${key} would be written outside the source folder`);
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), await readObject(run, bucket, key));
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
}

async function readObject(run: Run, bucket: string, key: string, version?: string): Promise<Buffer> {
  const { Body } = await run.call<{ Body?: Readable }>("s3", "GetObject", {
    Bucket: bucket,
    Key: key,
    ...(version !== undefined && { VersionId: version }),
  });
  const chunks: Buffer[] = [];
  for await (const chunk of Body ?? []) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}

/** Finds the buildspec: inline text, an S3 object, the path that the project names, or `buildspec.yml`. */
export async function findBuildspec(run: Run): Promise<string> {
  const { buildspec = "" } = run.row().build.source ?? {};
  if (/\n|^\s*[{]|^version:/.test(buildspec)) return buildspec;
  const path = buildspec === "" ? "buildspec.yml" : buildspec;
  const inS3 = /^arn:aws:s3:::([^/]+)\/(.+)$/.exec(path);
  if (inS3 !== null) return (await readObject(run, inS3[1] ?? "", inS3[2] ?? "")).toString("utf8");
  if (!isSafeName(path))
    throw new AwsError("YAML_FILE_ERROR", `The buildspec path ${path} leads outside the source folder`);
  try {
    return await readFile(join(run.source, path), "utf8");
  } catch (cause) {
    throw Object.assign(new AwsError("YAML_FILE_ERROR", `YAML file does not exist: ${path}`), { cause });
  }
}
