/**
 * Fills the registry with Lambda code, release templates and the estate, and shares the portfolio with the organization.
 * It may be repeated: code and templates are stored under their digests and never overwritten.
 */
import type { CliFiles } from "#ports/cli-files.ts";
import type { Clock } from "#ports/clock.ts";
import type { EstateProposals } from "#ports/estate-proposals.ts";
import type { Portfolio } from "#ports/portfolio.ts";
import type { RegistryFiles } from "#ports/registry-files.ts";
import type { TemplateProposals } from "#ports/template-proposals.ts";
import type { EvaluateModule, WritableTemplateRegistry } from "#ports/template-registry.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";
import { sha256Hex } from "#release/names/digest.ts";
import { settingsSchemaOf } from "#release/template/settings-schema.ts";
import {
  type PublishedTemplate,
  sameTemplate,
  type TemplateIndex,
  templateLabel,
} from "#release/template/template-index.ts";
import {
  checkVersions,
  withPublisher,
  withVersion,
  withWaitingVersion,
} from "#release/template/template-publish.ts";
import { OperateError } from "./operate-error.ts";
import { proposeEstate, waitsForSecondPerson } from "./publish-estate.ts";
import { confirmationNeeded, signModule } from "./templates/sign-module.ts";

export type PublishDeps = {
  readonly registry: WritableTemplateRegistry;
  readonly files: RegistryFiles;
  readonly proposals: EstateProposals;
  readonly modules: TemplateProposals;
  readonly cli: CliFiles;
  readonly portfolio: Portfolio;
  readonly evaluate: EvaluateModule;
  /** The id of the caller in records. */
  readonly person: () => Promise<string>;
  readonly clock: Clock;
};

type Content = { readonly read: () => Promise<Uint8Array> };

export type PublishableCode = {
  readonly lambdas: readonly (Content & { readonly name: string; readonly digest: string })[];
  readonly templates: readonly (Content & {
    readonly name: string;
    readonly version: string;
    readonly sha256: string;
  })[];
};

export type PublishOrder = {
  /** The text of the estate file, which is checked before the first write. */
  readonly estateText: string;
  readonly code: PublishableCode;
  /** The packed command line, for CIs to download. */
  readonly cli?: Content & { readonly version: string };
};

/**
 * `onStep` is called with a sentence for each object that was published or kept. Throws, before it writes anything, for a
 * bad estate and for a published version of a release template or of the command line with other bytes. Throws `EstateWaits` at
 * the end for an estate that loosens a gate: a second person publishes it.
 */
export async function publish(
  deps: PublishDeps,
  { estateText, code, cli }: PublishOrder,
  onStep: (step: string) => void = () => undefined,
): Promise<void> {
  const estate = parseEstate(estateText);
  const index = await deps.registry.index();
  checkVersions(index, code.templates);
  if (cli !== undefined) await checkCli(deps.cli, cli);
  for (const { name, digest, read } of code.lambdas) {
    const fresh = await deps.files.putLambda(digest, await read());
    onStep(`${fresh ? "published" : "kept"} Lambda ${name} ${digest.slice(0, 12)}`);
  }
  await publishTemplates(deps, index, code.templates, onStep);
  if (cli !== undefined) {
    const fresh = await deps.cli.put(cli.version, await cli.read());
    onStep(`${fresh ? "published" : "kept"} the command line ${cli.version}`);
  }
  // The estate comes last: it may name the templates that were published before.
  const proposed = await proposeEstate(deps.proposals, estateText);
  if (proposed.state !== "waits") onStep(`${proposed.state} the estate`);
  if (estate.organization !== undefined) await share(deps.portfolio, estate.organization, onStep);
  if (proposed.state === "waits") throw waitsForSecondPerson(proposed);
}

/** A CI that downloads a fixed version gets the same bytes each time. */
async function checkCli(files: CliFiles, { version, read }: NonNullable<PublishOrder["cli"]>): Promise<void> {
  const kept = await files.read(version);
  if (kept === undefined) return;
  const [published, packed] = [sha256Hex(kept), sha256Hex(await read())];
  if (published === packed) return;
  throw new OperateError(
    "CliVersionTaken",
    `The command line ${version} is published with the digest ${published}; the file has the digest ${packed}. A published version keeps its bytes: publish without --cli, or raise the version in package.json and run npm run build.`,
  );
}

/**
 * Published versions are left as they are, and the first version of a name becomes current. A version that one person has
 * signed gets the signature of the caller too.
 */
async function publishTemplates(
  { registry, modules, evaluate, clock, person }: PublishDeps,
  index: TemplateIndex,
  templates: PublishableCode["templates"],
  onStep: (step: string) => void,
): Promise<void> {
  const fresh: { readonly version: PublishedTemplate; readonly add: typeof withVersion }[] = [];
  for (const { name, version, sha256, read } of templates) {
    const label = templateLabel({ name, version });
    const own = { name, version, sha256 };
    const kept = index.versions.some((each) => sameTemplate(each, own));
    const signed = kept && (await registry.confirmed(own));
    let confirmed = true;
    if (!signed) {
      const module = await read();
      const { template, ref } = await evaluate(module);
      if (ref.sha256 !== sha256) throw otherBytes(label, sha256, ref.sha256);
      await registry.putSettings(own, settingsSchemaOf(template));
      ({ confirmed } = await signModule(modules, own, module));
      const changelog = template.summary;
      const add = confirmed ? withVersion : withWaitingVersion;
      fresh.push({ version: { ...own, publishedAt: clock(), changelog, draft: false }, add });
    }
    onStep(`${kept ? "kept" : "published"} release template ${name} ${version} ${sha256.slice(0, 12)}`);
    if (!confirmed) onStep(confirmationNeeded(label));
  }
  // Also without a fresh version: the Lambdas may not list the bucket, so both objects of the index have to exist.
  const by = fresh.length === 0 ? "" : await person();
  await registry.change((now) =>
    fresh.reduce((index, { version, add }) => withPublisher(add(index, version), version, by), now),
  );
}

/** Readers reject such a module, so it is not published. */
const otherBytes = (label: string, expected: string, found: string): ReleaseError =>
  new ReleaseError(
    "TemplateUnavailable",
    `The module of ${label} has the digest ${found}; expected ${expected}.`,
  );

async function share(
  portfolio: Portfolio,
  organization: string,
  onStep: (step: string) => void,
): Promise<void> {
  const id = await portfolio.share(organization);
  if (id === undefined)
    throw new OperateError(
      "PortfolioMissing",
      "There is no portfolio named Kedge in this account; deploy the control plane first, with credentials of the central account.",
    );
  onStep(`shared the portfolio ${id} with the organization ${organization}`);
}
