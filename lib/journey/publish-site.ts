/**
 * Runs the pipeline's publish action of a site: it uploads new assets, then pages, then invalidates the old
 * pages at CloudFront, and last removes files that no kept release uses. Each step may be repeated after a
 * crash.
 */

import type { Applications } from "#ports/applications.ts";
import type { Artifacts } from "#ports/artifacts.ts";
import type { EstateFile } from "#ports/estate-file.ts";
import type { JobArtifacts } from "#ports/job-artifacts.ts";
import type { Sites } from "#ports/sites.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { counted } from "#release/names/counted.ts";
import type { Release } from "#release/plan/release.ts";
import { parseRelease } from "#release/plan/release-document.ts";
import {
  cacheControl,
  contentType,
  isFingerprinted,
  parseReleases,
  parseSite,
  pathsToInvalidate,
  releasesKey,
  type Site,
  type SiteFile,
  siteFile,
  siteFiles,
  staleKeys,
  withRelease,
} from "#release/stack/site.ts";
import type { ZipEntry } from "#release/zip/zip-entry.ts";
import { documents } from "./documents.ts";
import { entryStream } from "./entry-stream.ts";
import type { JobAnswer, WorkerJob } from "./job.ts";
import { type OpenArtifact, openArtifact } from "./open-artifact.ts";
import { documentIn, readSmallZip } from "./small-zip.ts";

type SiteDeps = {
  readonly jobArtifacts: Pick<JobArtifacts, "read">;
  readonly estate: EstateFile;
  readonly artifacts: Pick<Artifacts, "reader" | "stream">;
  readonly applications: Pick<Applications, "outputs">;
  readonly sites: Sites;
};

const atOnce = 8;

/** `onRelease` gets the release for the log. */
export async function publishSite(
  deps: SiteDeps,
  job: WorkerJob,
  onRelease: (release: Release) => void = () => undefined,
): Promise<JobAnswer> {
  const prepared = await readSmallZip(await deps.jobArtifacts.read(job.input));
  const release = parseRelease(documentIn(prepared, documents.release));
  onRelease(release);
  const site = parseSite(documentIn(prepared, siteFile));
  const { bucket, distribution } = await outputsOf(deps, job);
  const { limits } = await deps.estate.load();
  const artifact = await openArtifact(deps.artifacts, release.artifact, limits);
  const files = siteFiles(
    artifact.files.map(({ name }) => name),
    site,
  );
  const there = await deps.sites.list(job, bucket);
  const put = putter(deps, job, artifact, bucket, there, site);
  const assets = await together(files.assets, put);
  const pages = await together(files.pages, put);
  const changed = [...assets, ...pages].filter(({ sent }) => sent).map(({ file }) => file);
  const old = changed.filter(({ key }) => there.has(key) && !isFingerprinted(key));
  // The invalidation runs even without changed files: an earlier attempt may have crashed just before it.
  const paths = pathsToInvalidate(old.length > 0 ? old : files.pages);
  await deps.sites.invalidate(job, distribution, paths, job.execution);
  const keys = [...files.assets, ...files.pages].map(({ key }) => key);
  const removed = await clean(
    deps,
    job,
    bucket,
    site,
    release,
    [...new Set([...there.keys(), ...keys])],
    keys,
  );
  const fresh = assets.filter(({ sent }) => sent).length;
  const Summary = `${counted(files.pages.length, "page")}, ${counted(files.assets.length, "asset")} (${fresh} new), ${removed} removed`;
  return { type: "done", outputs: { Summary } };
}

async function outputsOf({ applications }: SiteDeps, job: WorkerJob) {
  const { BucketName, DistributionId } = await applications.outputs(job, job.stack);
  if (BucketName !== undefined && DistributionId !== undefined)
    return { bucket: BucketName, distribution: DistributionId };
  const seen = `The stack ${job.stack} in account ${job.account} names neither a bucket nor a distribution.`;
  throw new ReleaseError("DeploymentFailed", seen);
}

/**
 * Skips an object with the same content and headers. The object's metadata holds the fingerprint to compare.
 */
function putter(
  { artifacts, sites }: SiteDeps,
  job: WorkerJob,
  artifact: OpenArtifact,
  bucket: string,
  there: ReadonlyMap<string, number>,
  site: Site,
) {
  return async (file: SiteFile): Promise<{ readonly file: SiteFile; readonly sent: boolean }> => {
    const { path, key } = file;
    const CacheControl = cacheControl(file, site);
    const entry = artifact.file(path);
    if (entry === undefined) throw new TypeError(`${path} was listed and is not there.`);
    const fingerprint = fingerprintOf(entry, CacheControl);
    const known =
      there.get(key) === entry.size && (await sites.fingerprint(job, bucket, key)) === fingerprint;
    if (known) return { file, sent: false };
    const headers = { cacheControl: CacheControl, contentType: contentType(key), fingerprint };
    const content = { size: entry.size, chunks: () => entryStream(artifacts, artifact.ref, entry) };
    await sites.put(job, bucket, key, content, headers);
    return { file, sent: true };
  };
}

/**
 * CRC and size are sufficient: they come from the artifact, whose digest was checked, and a team has no
 * reason to forge its own files.
 */
const fingerprintOf = ({ crc32, size }: ZipEntry, cacheControl: string): string =>
  `${crc32.toString(16)}-${size}-${cacheControl}`;

async function together<Answer>(
  files: readonly SiteFile[],
  work: (file: SiteFile) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (let at = 0; at < files.length; at += atOnce) {
    answers.push(...(await Promise.all(files.slice(at, at + atOnce).map(work))));
  }
  return answers;
}

async function clean(
  { sites }: SiteDeps,
  job: WorkerJob,
  bucket: string,
  site: Site,
  { artifact }: Release,
  there: readonly string[],
  keys: readonly string[],
): Promise<number> {
  const before = parseReleases((await sites.read(job, bucket, releasesKey)) ?? "[]");
  const own = { digest: artifact.etag, version: artifact.versionId, keys };
  const releases = withRelease(before, own, site);
  await sites.write(job, bucket, releasesKey, JSON.stringify(releases));
  const stale = staleKeys(there, releases, site);
  await sites.remove(job, bucket, stale);
  return stale.length;
}
