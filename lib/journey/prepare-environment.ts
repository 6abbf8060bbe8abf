/**
 * Runs the pipeline's prepare action: it adapts templates and parameters to one environment, and removes
 * stacks whose creation failed, because CloudFormation can neither update nor recreate them.
 */
import type { Applications } from "#ports/applications.ts";
import type { Assets } from "#ports/assets.ts";
import type { MigrationLedger } from "#ports/migration-ledger.ts";
import type { TargetSettings } from "#ports/target-settings.ts";
import type { TemplateRegistry } from "#ports/template-registry.ts";
import { readTemplate } from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { cacheBucket } from "#release/names/deployed-names.ts";
import { memberName } from "#release/names/stack-names.ts";
import type { Release } from "#release/plan/release.ts";
import { parseRelease } from "#release/plan/release-document.ts";
import { rejectBroken } from "#release/rules/rejection.ts";
import { warningsVariable } from "#release/rules/warnings.ts";
import type { AssembledStack } from "#release/stack/assembly.ts";
import { type Configuration, declaredValues } from "#release/stack/configuration.ts";
import { type Parameters, readParameters } from "#release/stack/parameters.ts";
import { secretsVariable } from "#release/stack/secret-use.ts";
import { relocate } from "#release/stack/stored-asset.ts";
import type { Target } from "#release/traits/targets.ts";
import { writeZip, type ZipContent } from "#release/zip/zip-write.ts";
import { compareAssets, recordsIn } from "./compare-assets.ts";
import { deployedTemplates } from "./deployed-templates.ts";
import { documents } from "./documents.ts";
import { type TakeDeps, takeLock } from "./environment-lock.ts";
import { checkFit, withProvided } from "./fitting-parameters.ts";
import { fixSettings } from "./fix-settings.ts";
import { type GateDeps, makeChangeSets, reviewChangeSets, waitsForChangeSets } from "./gate-change-sets.ts";
import { comparedStacks, type Gate, gateDocument } from "./gate-document.ts";
import type { JobAnswer, PrepareJob } from "./job.ts";
import { judgePrepared } from "./judge-prepared.ts";
import { lastReleases, originOf, type PastDeps } from "./past-releases.ts";
import { contentsOf } from "./prepared-contents.ts";
import { mayQuoteSecrets, usesSecrets } from "./prepared-secrets.ts";
import { listedStacks } from "./prepared-stacks.ts";
import { previewMigrations } from "./preview-migrations.ts";
import { removeFailedStacks } from "./remove-failed-stacks.ts";
import { fitted, resolveGiven } from "./resolve-given.ts";
import { type Documents, documentIn, documentsOf, readSmallZip } from "./small-zip.ts";

type PrepareDeps = GateDeps &
  PastDeps &
  TakeDeps & {
    readonly registry: Pick<TemplateRegistry, "load">;
    readonly applications: Pick<Applications, "stack" | "failure" | "remove" | "outputs">;
    readonly settings: TargetSettings;
    readonly ledger: Pick<MigrationLedger, "read">;
    /** The cache that the packaged templates refer to. */
    readonly assets: Assets;
  };

/** `onRelease` gets the release for the log. */
export async function prepareEnvironment(
  deps: PrepareDeps,
  job: PrepareJob,
  onRelease: (release: Release) => void = () => undefined,
): Promise<JobAnswer> {
  if (waitsForChangeSets(job)) return reviewChangeSets(deps, job, onRelease);
  const packaged = await readSmallZip(await deps.jobArtifacts.read(job.input));
  const release = parseRelease(documentIn(packaged, documents.release));
  onRelease(release);
  const past = () => lastReleases(deps, release, job.environment);
  const entry = { line: release.line, stacks: namesOf(packaged, job), past };
  const releases = job.gated ? await takeLock(deps, job, entry) : [];
  if (releases === undefined) return { type: "later", continuation: "locked" };
  const { assetVersions, stacks } = await placedStacks(deps, job, packaged, release);
  const given = givenParameters(packaged, release, job, stacks);
  const digest = documentIn(packaged, documents.digest);
  const { template } = await deps.registry.load(release.template);
  const target = targetOf(release, job);
  if (template.configure === undefined) checkFit(stacks, given, release, target);
  const { defaultSettings } = template;
  const resolved = await resolveGiven(deps.settings, release, target, given, defaultSettings);
  const { parameters, settings, published } = resolved;

  const migrations = await previewMigrations(deps.ledger, release, target, packaged);

  const { wait, existing } = await removeFailedStacks(deps.applications, job, release.line, stacks);
  if (wait !== undefined) return { type: "later", continuation: wait };

  const outputs = template.configure === undefined ? {} : await outputsNow(deps, job, stacks);
  const configured = (template.configure ?? declaredValues)({
    ...{ release, target, parameters, settings },
    ...{ stacks, outputs, digest, assetVersions },
  });
  const fit = fitted(configured, stacks, published);
  const { configuration, fixed } = await fixedConfiguration(deps.settings, job, target, stacks, fit);
  const findings = judgePrepared(packaged, release, target, stacks, configuration);
  rejectBroken(findings);
  const contents = contentsOf(packaged, {
    ...{ release, digest, stacks, parameters, configuration, findings, fixed },
    files: migrations.files,
  });
  const secrets = usesSecrets(packaged, contents);
  const deployed = await deployedTemplates(deps, job, secrets && !job.gated ? [] : existing);
  const quotable = secrets || [...deployed.values()].some(mayQuoteSecrets);
  const variables = {
    ...{ ...configuration.variables, ...migrations.variables },
    ...{ ...warningsVariable(findings), ...secretsVariable(quotable) },
  };
  if (job.gated) {
    const facts = { back: template.rollback, variables, releases };
    return gated(deps, { job, release, contents, deployed, facts });
  }
  await deps.jobArtifacts.write(job.output, writeZip(contents));
  return { type: "done", outputs: variables };
}

/** Compares the parts in the cache of the environment's region, and names them in the stacks. */
async function placedStacks(
  { assets }: PrepareDeps,
  { region }: PrepareJob,
  packaged: Documents,
  { line }: Release,
) {
  const there = { bucket: cacheBucket(line.account, region), region };
  const records = recordsIn(packaged, assets.bucket);
  const assetVersions = await compareAssets(assets, region, records);
  const stacks = stacksIn(packaged, (text) => relocate(text, records, assets, there));
  return { assetVersions, stacks };
}

function givenParameters(
  packaged: Documents,
  release: Release,
  { environment }: PrepareJob,
  stacks: readonly AssembledStack[],
): Parameters {
  const path = documents.parameters(environment);
  return withProvided(readParameters(documentIn(packaged, path), path), release, environment, stacks);
}

type Gated = {
  readonly job: PrepareJob;
  readonly release: Release;
  readonly contents: readonly ZipContent[];
  readonly deployed: ReadonlyMap<string, string>;
  readonly facts: Pick<Gate, "back" | "variables" | "releases">;
};

/** Writes the output of a gated environment, and begins its change sets. */
async function gated(
  deps: PrepareDeps,
  { job, release, contents, deployed, facts }: Gated,
): Promise<JobAnswer> {
  const origin = await originOf(deps, release);
  const stacks = comparedStacks(job, documentsOf(contents), deployed);
  const gate = gateDocument({ ...facts, stacks, ...(origin && { origin }) });
  const prepared = writeZip([...contents, { name: documents.gate, content: gate }]);
  await deps.jobArtifacts.write(job.output, prepared);
  return makeChangeSets(deps, job, prepared, new Set(deployed.keys()));
}

/** A review binds the versions of settings, so Prepare fixes them in an environment with a gate or an approval. */
async function fixedConfiguration(
  store: TargetSettings,
  { gated, stack }: PrepareJob,
  target: Target,
  stacks: readonly AssembledStack[],
  configuration: Configuration,
): Promise<{ readonly configuration: Configuration; readonly fixed: readonly unknown[] }> {
  if (!gated && !target.approval) return { configuration, fixed: [] };
  const found = await fixSettings(store, { target, stack, stacks, configuration });
  return { configuration: found.configuration, fixed: found.settings };
}

const namesOf = (packaged: Documents, { stack }: PrepareJob): readonly string[] =>
  listedStacks(packaged).map(({ id }) => memberName(stack, id));

/** `retargeted` rewrites a template's text for the environment's region. */
const stacksIn = (packaged: Documents, retargeted: (text: string) => string): readonly AssembledStack[] =>
  listedStacks(packaged).map((stack) => ({
    ...stack,
    document: readTemplate(retargeted(documentIn(packaged, documents.template(stack.id))), stack.path),
  }));

function targetOf({ targets }: Release, { environment }: PrepareJob): Target {
  const target = targets.find((each) => each.environment === environment);
  if (target !== undefined) return target;
  throw new ReleaseError("ReleaseDocumentMalformed", `The release has no environment ${environment}.`);
}

async function outputsNow(
  { applications }: PrepareDeps,
  job: PrepareJob,
  stacks: readonly AssembledStack[],
): Promise<Readonly<Record<string, Readonly<Record<string, string>>>>> {
  const found = await Promise.all(
    stacks.map(
      async ({ id }): Promise<[string, Readonly<Record<string, string>>]> => [
        id,
        await applications.outputs(job, memberName(job.stack, id)),
      ],
    ),
  );
  return Object.fromEntries(found);
}
