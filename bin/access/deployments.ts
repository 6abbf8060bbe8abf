/**
 * What an estate deploys, as the analysis of access reads it: every stack of every account, synthesized as `cdk deploy`
 * and Service Catalog would get them. The Lambdas' code plays no part in permissions, so it is not bundled.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Deployment, Template } from "#access/deployment.ts";
import type { Standing } from "#access/standing.ts";
import { products } from "#anchor/names.ts";
import { anchorParameters, targetAccounts, targetParameters } from "#bin/estate/parameters.ts";
import { synthesizeControlPlane, synthesizeLaunchRoles } from "#bin/synthesize.ts";
import { lambdaNames } from "#control-plane/properties.ts";
import type { Estate } from "#release/estate.ts";

export async function estateDeployments(estate: Estate): Promise<readonly Deployment[]> {
  const work = await mkdtemp(join(tmpdir(), "kedge-access-"));
  try {
    const placeholders = await Promise.all(
      lambdaNames.map(async (name, at) => {
        const zip = join(work, `${name}.zip`);
        await writeFile(zip, name);
        return [name, { zip, digest: String(at % 10).repeat(64) }] as const;
      }),
    );
    const outdir = join(work, "cdk.out");
    synthesizeControlPlane({
      estate,
      bundles: { lambdas: Object.fromEntries(placeholders), templates: [] },
      outdir,
    });
    const read = async (...path: readonly string[]): Promise<Template> =>
      JSON.parse(await readFile(join(outdir, ...path), "utf8")) as Template;
    const controlPlane = await read("KedgeControlPlane.template.json");
    const anchor = await read("products", `${products.anchor}.json`);
    const target = await read("products", `${products.target}.json`);
    const launch = JSON.parse(synthesizeLaunchRoles(estate.central, join(work, "launch"))) as Template;
    const place = (
      account: string,
      region: string,
      stack: string,
      template: Template,
      parameters: Deployment["parameters"] = {},
    ): Deployment => ({ account, region, stack, template, parameters });
    return [
      place(estate.central, estate.region, "control-plane", controlPlane),
      ...estate.anchors.flatMap((each) => [
        place(each.account, each.region, "launch-roles", launch),
        place(each.account, each.region, "anchor", anchor, anchorParameters(estate, each)),
        ...targetAccounts(each).flatMap((account) => [
          place(account, each.region, "launch-roles", launch),
          place(account, each.region, "target", target, targetParameters(each, account)),
        ]),
      ]),
    ];
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

export const standingsOf = ({ central, region, anchors }: Estate): readonly Standing[] => [
  { account: central, region, part: "central", tenant: "central", gated: false, label: "central" },
  ...anchors.flatMap((anchor): readonly Standing[] => [
    {
      ...{ account: anchor.account, region: anchor.region, part: "anchor", tenant: anchor.name },
      ...{ gated: false, label: anchor.name, separateDuties: anchor.separateDuties ?? false },
    },
    // Of an account with several environments, each change may be of the one that asks for an approval.
    ...targetAccounts(anchor).map((account): Standing => {
      const here = anchor.environments.filter((environment) => environment.account === account);
      return {
        ...{ account, region: anchor.region, part: "target", tenant: anchor.name },
        ...{ gated: here.some(({ approval }) => approval) },
        label: `${anchor.name} ${here.map(({ name }) => name).join("+")}`,
      };
    }),
  ]),
];
