/** Fills the registry: Lambda code, release templates, the estate; and shares the portfolio with the organization. */
import { readFile } from "node:fs/promises";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import {
  CreatePortfolioShareCommand,
  ListPortfoliosCommand,
  type ServiceCatalogClient,
} from "@aws-sdk/client-service-catalog";
import type { Bundles } from "#bundle/bundle.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";
import { registryBucket, registryKeys } from "#release/names/places.ts";
import type { PublishedTemplate } from "#release/template/template-index.ts";
import { withVersion } from "#release/template/template-publish.ts";
import { evaluateModule } from "./templates/evaluate.ts";
import { openRegistry, type Registry } from "./templates/registry.ts";
import { settingsSchemaOf } from "./templates/settings-schema.ts";

export type PublishOrder = {
  readonly s3: S3Client;
  readonly catalog: ServiceCatalogClient;
  /** The estate file's text; checked before anything is written. */
  readonly estateText: string;
  readonly bundles: Bundles;
  readonly onStep: (step: string) => void;
};

export class PortfolioMissing extends Error {
  override name = "PortfolioMissing";
}

/** Idempotent; code and templates are content-addressed and never overwritten. Throws `ReleaseError` for a bad estate. */
export async function publish({ s3, catalog, estateText, bundles, onStep }: PublishOrder): Promise<void> {
  const estate = parseEstate(estateText);
  const Bucket = registryBucket(estate.central, estate.region);
  for (const [name, { zip, digest }] of Object.entries(bundles.lambdas)) {
    const fresh = await putNew(s3, Bucket, `lambdas/${digest}.zip`, await readFile(zip));
    onStep(`${fresh ? "published" : "kept"} Lambda ${name} ${digest.slice(0, 12)}`);
  }
  await publishTemplates(openRegistry(s3, Bucket), bundles.templates, onStep);
  // The estate comes last: it may speak of what was published above.
  await s3.send(
    new PutObjectCommand({
      Bucket,
      Key: registryKeys.estate,
      Body: estateText,
      ContentType: "application/yaml",
    }),
  );
  onStep("published the estate");
  if (estate.organization !== undefined) await share(catalog, estate.organization, onStep);
}

/** Versions that are there already are left as they are; the first of a name becomes current. */
async function publishTemplates(
  registry: Registry,
  bundles: Bundles["templates"],
  onStep: (step: string) => void,
): Promise<void> {
  const fresh: PublishedTemplate[] = [];
  const known = (await registry.index()).versions;
  for (const { name, version, sha256, file } of bundles) {
    const kept = known.some(
      (each) => each.name === name && each.version === version && each.sha256 === sha256,
    );
    if (!kept) {
      const module = await readFile(file);
      const { template } = await evaluateModule(module);
      await registry.put({ name, version, sha256 }, module, settingsSchemaOf(template));
      const publishedAt = new Date().toISOString();
      fresh.push({ name, version, sha256, publishedAt, changelog: template.summary, draft: false });
    }
    onStep(`${kept ? "kept" : "published"} release template ${name} ${version} ${sha256.slice(0, 12)}`);
  }
  if (fresh.length > 0) await registry.change((index) => fresh.reduce(withVersion, index));
}

/** False when the object was there already. */
async function putNew(s3: S3Client, Bucket: string, Key: string, Body: Uint8Array): Promise<boolean> {
  try {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body, IfNoneMatch: "*" }));
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "PreconditionFailed") return false;
    throw error;
  }
}

async function share(
  catalog: ServiceCatalogClient,
  organization: string,
  onStep: (step: string) => void,
): Promise<void> {
  const { PortfolioDetails } = await catalog.send(new ListPortfoliosCommand({}));
  const portfolio = PortfolioDetails?.find(({ DisplayName }) => DisplayName === "Kedge");
  if (portfolio?.Id === undefined)
    throw new PortfolioMissing(
      "There is no portfolio named Kedge in this account; deploy the control plane first, with credentials of the central account.",
    );
  await catalog.send(
    new CreatePortfolioShareCommand({
      PortfolioId: portfolio.Id,
      OrganizationNode: { Type: "ORGANIZATION", Value: organization },
      SharePrincipals: true,
    }),
  );
  onStep(`shared the portfolio ${portfolio.Id} with the organization ${organization}`);
}
