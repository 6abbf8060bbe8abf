/**
 * An artifact with its release, ready for the actions of a pipeline. Their dependencies are all in memory.
 */
import type { PrepareJob } from "#journey/job.ts";
import { memory } from "#journey/memory.ts";
import { readSmallZip } from "#journey/small-zip.ts";
import type { StoredParameter } from "#ports/target-settings.ts";
import { withoutVersion } from "#release/document/store-references.ts";
import type { ActionRun } from "#release/line/observation.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import type { TemplateRef } from "#release/plan/plan.ts";
import type { Release } from "#release/plan/release.ts";
import { releaseBundle } from "#release/plan/release-document.ts";
import type { Clearance } from "#release/review/clearance.ts";
import { planArtifact } from "#release/template/plan-artifact.ts";
import { writeZip } from "#release/zip/zip-write.ts";
import { loadedTemplates } from "#test/release/samples.ts";
import { type ArtifactFiles, type ZipStyle, zipOf } from "#test/support/artifact.ts";
import { fakeEstate } from "#test/support/fakes/anchor.ts";
import { memoryApplications } from "#test/support/fakes/applications.ts";
import { memoryChangeSets } from "#test/support/fakes/change-sets.ts";
import { memoryLedger } from "#test/support/fakes/ledger.ts";
import { memoryPeople } from "#test/support/fakes/people.ts";
import {
  memoryArtifacts,
  memoryAssets,
  memoryJobArtifacts,
  memoryLocks,
  memoryResults,
  memoryReviews,
} from "#test/support/fakes/storage.ts";

export const line: Line = { account: "111111111111", app: "shop", branch: "main" };
export const dev = { environment: "dev", account: "222222222222", region: "us-east-1" };

export type PipelineFixture = Awaited<ReturnType<typeof pipelineFixture>>;

function loadedTemplate({ name }: TemplateRef) {
  const loaded = loadedTemplates.find(({ template }) => template.name === name);
  if (loaded === undefined) throw new TypeError(`There is no template ${name}.`);
  return loaded;
}

const location = (key: string) => ({ bucket: "cache", key });

export const job = (input: string, output: string, over: Partial<PrepareJob> = {}): PrepareJob => ({
  ...dev,
  gated: false,
  stack: "kedge-app-dev-shop",
  execution: "execution-1",
  input: location(input),
  output: location(output),
  ...over,
});

export async function pipelineFixture(files: ArtifactFiles, style?: ZipStyle) {
  const artifacts = memoryArtifacts();
  const jobArtifacts = memoryJobArtifacts();
  const settings = new Map<string, string>();
  const secure = new Map<string, number>();
  const secrets = new Set<string>();
  const ledger = memoryLedger();
  const applications = memoryApplications();
  const runs: ActionRun[] = [];
  const results = memoryResults();
  const assets = memoryAssets();
  const running = new Set<string>();
  const stopped: string[] = [];
  const deps = {
    results,
    people: memoryPeople(),
    pastResults: { newestFirst: async () => [...results.objects.keys()].toReversed() },
    executions: { actions: async () => runs },
    pinned: { ciRoleId: "AROAEXAMPLE", uploaders: false, people: false },
    estate: { load: async () => fakeEstate },
    registry: { load: async (ref: TemplateRef) => loadedTemplate(ref) },
    artifacts,
    jobArtifacts,
    assets,
    applications,
    changeSets: memoryChangeSets(applications, (url) => {
      const key = /\.com\/([^?]+)\?versionId=/.exec(url)?.[1] ?? "";
      return Buffer.from(assets.objects.get(key) ?? []).toString();
    }),
    locks: memoryLocks(),
    metrics: { environmentStopped: async () => void stopped.push("stopped") },
    owners: { hasEnded: async (_: string, execution: string) => !running.has(execution) },
    reviews: memoryReviews(),
    clearances: memory<Clearance>(1),
    clock: () => "2026-01-02T03:04:05.000Z",
    ledger,
    settings: {
      read: async (_: unknown, names: readonly string[]) =>
        Object.fromEntries(
          names.flatMap((name): [string, StoredParameter][] => {
            const modified = "2026-01-01T00:00:00.000Z";
            const plain = withoutVersion(name);
            const version = secure.get(name) ?? secure.get(plain);
            if (version !== undefined) return [[name, { secure: true, value: "", version, modified }]];
            const value = settings.get(name) ?? settings.get(plain);
            return value === undefined ? [] : [[name, { secure: false, value, version: 1, modified }]];
          }),
        ),
      secrets: async (_: unknown, names: readonly string[]) => names.filter((name) => secrets.has(name)),
    },
  };
  const upload = async (content: ArtifactFiles, packed?: ZipStyle): Promise<Release> => {
    artifacts.upload(formatKey(line), await zipOf(content, packed));
    const artifact = await artifacts.newest(formatKey(line));
    if (artifact === undefined) throw new TypeError("Nothing was uploaded.");
    const { release } = (
      await planArtifact({
        ...{ estate: fakeEstate, line, artifact },
        reader: artifacts.reader(artifact),
        templates: loadedTemplates,
      })
    ).planned;
    jobArtifacts.objects.set("Release", releaseBundle(release));
    return release;
  };
  return {
    ...deps,
    /** Executions that have not ended. */
    running,
    /** One entry for each time that an alarm was raised. */
    stopped,
    known: settings,
    /** The action runs of the execution, as CodePipeline lists them. */
    runs,
    /** Versions of SecureStrings. */
    secure,
    secrets,
    upload,
    release: await upload(files, style),
    /** Removes a document from the output of an action. */
    without: async (key: string, removed: string): Promise<void> => {
      const documents = await readSmallZip(await jobArtifacts.read(location(key)));
      const left = [...documents].filter(([name]) => name !== removed);
      jobArtifacts.objects.set(key, writeZip(left.map(([name, content]) => ({ name, content }))));
    },
    /** Returns the documents that an action wrote, by name. */
    written: async (key: string): Promise<Readonly<Record<string, string>>> => {
      const documents = await readSmallZip(await jobArtifacts.read(location(key)));
      return Object.fromEntries([...documents].map(([name, bytes]) => [name, Buffer.from(bytes).toString()]));
    },
  };
}
