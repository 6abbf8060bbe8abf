/**
 * The pipeline's package action: reads the artifact once as a stream, establishes its digest, publishes its parts, and
 * writes the template and parameters every environment is deployed from.
 */
import { scanArtifact } from "#release/entry-scan.ts";
import { ReleaseError } from "#release/errors.ts";
import { mergeParameters, type Parameters, readParameters } from "#release/parameters.ts";
import type { Release } from "#release/release.ts";
import { formatRelease, parseRelease } from "#release/release-document.ts";
import { writeZip, type ZipContent } from "#release/zip-write.ts";
import { documents, type JobAnswer, type JobRequest } from "./job.ts";
import { entriesOf, readLocalTemplate } from "./local-parts.ts";
import { type OpenArtifact, openArtifact } from "./open-artifact.ts";
import type { Artifacts, EstateFile, JobArtifacts, Parts } from "./ports.ts";
import { publishParts } from "./publish-parts.ts";
import { documentIn, readSmallZip } from "./small-zip.ts";

export type PackageWorld = {
  readonly jobArtifacts: JobArtifacts;
  readonly estate: EstateFile;
  readonly artifacts: Pick<Artifacts, "reader" | "stream">;
  readonly parts: Parts;
};

/** `onRelease` is told what is being packaged, for the log. */
export async function packageArtifact(
  world: PackageWorld,
  job: JobRequest,
  onRelease: (release: Release) => void = () => undefined,
): Promise<JobAnswer> {
  const release = await readRelease(world.jobArtifacts, job);
  onRelease(release);
  const { limits } = await world.estate.load();
  const artifact = await openArtifact(world.artifacts, release.artifact, limits);
  const template = await readLocalTemplate(artifact, release.manifest.template);
  const parameters = await parameterDocuments(artifact, release);
  const scan = await scanArtifact(world.artifacts.stream(release.artifact), [...entriesOf(template)]);
  if (scan.bytes !== release.artifact.size) {
    const seen = `The artifact should have ${release.artifact.size} bytes; ${scan.bytes} were read.`;
    throw new ReleaseError("ZipTruncated", seen);
  }
  const published = await publishParts(world, release.artifact, scan, template);
  const packaged = writeZip([
    { name: documents.template, content: published.template },
    ...parameters,
    { name: documents.release, content: formatRelease(release) },
    { name: documents.digest, content: scan.sha256 },
  ]);
  await world.jobArtifacts.write(job.output, packaged);
  const summary = `${published.parts.size} parts, ${published.sent.size} new`;
  const outputs = { ArtifactVersion: release.artifact.versionId, Digest: scan.sha256, Summary: summary };
  return { type: "done", outputs };
}

export async function readRelease(artifacts: JobArtifacts, { input }: JobRequest): Promise<Release> {
  return parseRelease(documentIn(await readSmallZip(await artifacts.read(input)), documents.release));
}

async function parameterDocuments(
  artifact: OpenArtifact,
  { manifest, targets }: Release,
): Promise<readonly ZipContent[]> {
  const read = async (path: string): Promise<Parameters> =>
    readParameters(await artifact.text(path, "A parameters file"), path);
  const { shared, byEnvironment } = manifest.parameters;
  const common = shared === undefined ? [] : [await read(shared)];
  return Promise.all(
    targets.map(async ({ environment }): Promise<ZipContent> => {
      const own = byEnvironment[environment];
      const { values, tags } = mergeParameters(...common, ...(own === undefined ? [] : [await read(own)]));
      const content = JSON.stringify({ Parameters: values, Tags: tags });
      return { name: documents.parameters(environment), content };
    }),
  );
}
