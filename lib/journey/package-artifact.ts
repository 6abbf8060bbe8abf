/**
 * Runs the pipeline's package action: it asks the release template for the stacks to deploy, reads the
 * artifact once as a stream, computes its digest, publishes its assets, and writes the documents that every
 * environment is deployed from.
 */

import type { Artifacts } from "#ports/artifacts.ts";
import type { Assets } from "#ports/assets.ts";
import type { EstateFile } from "#ports/estate-file.ts";
import type { JobArtifacts } from "#ports/job-artifacts.ts";
import type { TemplateRegistry } from "#ports/template-registry.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { otherRegions } from "#release/estate/regional.ts";
import { counted } from "#release/names/counted.ts";
import type { Release } from "#release/plan/release.ts";
import { formatRelease, parseRelease } from "#release/plan/release-document.ts";
import { digestOf } from "#release/review/clearance.ts";
import { isDecided, rejectBroken } from "#release/rules/rejection.ts";
import { formatRuleContexts } from "#release/rules/rule-context.ts";
import { warningsVariable } from "#release/rules/warnings.ts";
import type { Assembly } from "#release/stack/assembly.ts";
import type { Parameters } from "#release/stack/parameters.ts";
import { secretUse } from "#release/stack/secret-use.ts";
import { writeAssetRecords } from "#release/stack/stored-asset.ts";
import { scanArtifact } from "#release/zip/entry-scan.ts";
import { packDigests } from "#release/zip/pack-digest.ts";
import type { ZipEntry } from "#release/zip/zip-entry.ts";
import { writeZip, type ZipContent } from "#release/zip/zip-write.ts";
import { artifactFiles } from "./artifact-files.ts";
import { assemble } from "./assemble.ts";
import { layoutsOf, type ScannedArtifact } from "./asset-content.ts";
import { documents } from "./documents.ts";
import { environmentParameters } from "./environment-parameters.ts";
import type { JobAnswer, JobRequest } from "./job.ts";
import { judgeTemplates } from "./judge-templates.ts";
import { entriesOf, type LocalTemplate } from "./local-assets.ts";
import { migrationDocuments } from "./migration-documents.ts";
import { type OpenArtifact, openArtifact } from "./open-artifact.ts";
import { mayHoldSecrets } from "./prepared-secrets.ts";
import { publishAssets, publishWhole } from "./publish-assets.ts";
import { ruleContexts } from "./rule-contexts.ts";
import { documentIn, readSmallZip } from "./small-zip.ts";
import { storesIn } from "./store-asset.ts";

type PackageDeps = {
  readonly jobArtifacts: JobArtifacts;
  readonly estate: EstateFile;
  readonly registry: Pick<TemplateRegistry, "load">;
  readonly artifacts: Pick<Artifacts, "reader" | "stream">;
  readonly assets: Assets;
};

/** `onRelease` gets the release for the log. */
export async function packageArtifact(
  deps: PackageDeps,
  job: JobRequest,
  onRelease: (release: Release) => void = () => undefined,
): Promise<JobAnswer> {
  const release = await readRelease(deps.jobArtifacts, job);
  onRelease(release);
  const estate = await deps.estate.load();
  const artifact = await openArtifact(deps.artifacts, release.artifact, estate.limits);
  const { template } = await deps.registry.load(release.template);
  const { assembly, templates } = await assemble(template, release, artifact);
  const { stacks } = assembly;
  const parameters = await environmentParameters(artifact, release);
  const contexts = ruleContexts(estate, release);
  const findings = judgeTemplates({ release, contexts, templates, parameters });
  rejectBroken(findings.filter(isDecided));
  const migrations = await migrationDocuments(deps.artifacts, artifact, release);
  const files = await filesOf(deps, artifact, assembly);
  const scan = await scanned(deps, release, templates);
  const stores = storesIn(deps.assets, otherRegions(deps.assets.region, release.targets));
  const published = await publishAssets(deps, release.artifact, scan, templates, stores);
  const itself = assembly.whole ? [await publishWhole(deps, release.artifact, scan, stores)] : [];
  const packaged = writeZip([
    ...stacks.map(({ id }, index) => ({
      name: documents.template(id),
      content: published.templates[index] ?? "",
    })),
    ...parameterDocuments(parameters),
    ...migrations,
    ...files,
    {
      name: documents.stacks,
      content: JSON.stringify(
        stacks.map(({ id, level, path, environments }) => ({ id, level, path, environments })),
      ),
    },
    { name: documents.release, content: formatRelease(release) },
    { name: documents.digest, content: scan.sha256 },
    { name: documents.policy, content: digestOf(estate) },
    { name: documents.rules, content: formatRuleContexts(contexts) },
    { name: documents.findings, content: JSON.stringify(findings) },
    {
      name: documents.secrets,
      content: mayHoldSecrets(templates, findings) ? secretUse.used : secretUse.none,
    },
    { name: documents.parts, content: writeAssetRecords([...published.records, ...itself]) },
  ]);
  await deps.jobArtifacts.write(job.output, packaged);
  const summary = `${counted(published.records.length, "asset")}, ${published.sent.size} new`;
  const version = { ArtifactVersion: release.artifact.versionId, Digest: scan.sha256, Summary: summary };
  const outputs = { ...version, ...warningsVariable(findings) };
  return { type: "done", outputs };
}

export async function readRelease(
  artifacts: JobArtifacts,
  { input }: Pick<JobRequest, "input">,
): Promise<Release> {
  return parseRelease(documentIn(await readSmallZip(await artifacts.read(input)), documents.release));
}

async function scanned(
  deps: PackageDeps,
  release: Release,
  templates: readonly LocalTemplate[],
): Promise<ScannedArtifact> {
  const wanted = [...new Set(templates.flatMap((each) => [...entriesOf(each)]))];
  const digests = packDigests(layoutsOf(templates));
  const scan = await scanArtifact(deps.artifacts.stream(release.artifact), wanted, digests.onData);
  if (scan.bytes === release.artifact.size) return { ...scan, packs: digests.end() };
  const seen = `The artifact should have ${counted(release.artifact.size, "byte")}; ${scan.bytes} were read.`;
  throw new ReleaseError("ZipTruncated", seen);
}

async function filesOf(
  deps: PackageDeps,
  artifact: OpenArtifact,
  { files = {}, documents: made = {} }: Assembly,
): Promise<readonly ZipContent[]> {
  const entries = Object.entries(files).map(([name, path]) => ({ name, entry: entryAt(artifact, path) }));
  const rejection = { code: "ArtifactTooLarge", what: "The files that actions are handed" } as const;
  const contents = await artifactFiles(
    deps.artifacts,
    artifact,
    entries.map(({ entry }) => entry),
    (path) => path,
    rejection,
  );
  return [
    ...entries.map(({ name }, index) => ({
      name: documents.file(name),
      content: contents[index]?.content ?? "",
    })),
    ...Object.entries(made).map(([name, content]) => ({ name: documents.file(name), content })),
  ];
}

function entryAt(artifact: OpenArtifact, path: string): ZipEntry {
  const entry = artifact.file(path);
  if (entry !== undefined) return entry;
  throw new ReleaseError("ReferenceMissing", `The artifact has no file ${JSON.stringify(path)}.`);
}

const parameterDocuments = (parameters: Readonly<Record<string, Parameters>>): readonly ZipContent[] =>
  Object.entries(parameters).map(([environment, { values, tags }]) => ({
    name: documents.parameters(environment),
    content: JSON.stringify({ Parameters: values, Tags: tags }),
  }));
