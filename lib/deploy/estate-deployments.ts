/**
 * Lists every stack of every account of an estate for the analysis of access, synthesized as `cdk deploy` and
 * Service Catalog get it. The Lambdas' code is not bundled, because permissions do not depend on it.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccountRole } from "#access/account-role.ts";
import type { Deployment, Template } from "#access/deployment.ts";
import { anchorRegionStack, targetRegionStack } from "#anchor/regional-stacks.ts";
import { renderTemplate } from "#constructs/render.ts";
import { lambdaNames } from "#control-plane/properties.ts";
import type { Anchor, Estate } from "#release/estate/estate.ts";
import { otherRegions, regionsOf } from "#release/estate/regional.ts";
import { conditionKeyOf, type SessionNames } from "#release/estate/session-names.ts";
import { products, roles } from "#release/names/deployed-names.ts";
import {
  anchorParameters,
  anchorRegionParameters,
  handlersIn,
  targetAccounts,
  targetParameters,
  targetRegionParameters,
} from "./product-parameters.ts";
import { synthesizeControlPlane, synthesizeLaunchRoles } from "./synthesize.ts";

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
    const anchorRegion = JSON.parse(
      renderTemplate(anchorRegionStack, join(work, "anchor-region")),
    ) as Template;
    const targetRegion = JSON.parse(
      renderTemplate(targetRegionStack, join(work, "target-region")),
    ) as Template;
    const deploymentOf = (
      account: string,
      region: string,
      stack: string,
      template: Template,
      parameters: Deployment["parameters"] = {},
    ): Deployment => ({ account, region, stack, template, parameters });
    return [
      deploymentOf(estate.central, estate.region, "control-plane", controlPlane),
      ...estate.anchors.flatMap((each) => [
        deploymentOf(each.account, each.region, "launch-roles", launch),
        deploymentOf(each.account, each.region, "anchor", anchor, anchorParameters(estate, each)),
        ...targetAccounts(each).flatMap((account) => [
          deploymentOf(account, each.region, "launch-roles", launch),
          deploymentOf(account, each.region, "target", target, targetParameters(estate, each, account)),
          ...furtherRegions(each, account).map((region) =>
            deploymentOf(
              account,
              region,
              "target-region",
              targetRegion,
              targetRegionParameters(estate, each),
            ),
          ),
        ]),
        ...regionsOf(each).map((region) =>
          deploymentOf(
            each.account,
            region,
            "anchor-region",
            anchorRegion,
            anchorRegionParameters(each, keyOf(each)),
          ),
        ),
      ]),
    ];
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The regions of the account's environments, without the anchor's region. */
const furtherRegions = ({ region, environments }: Anchor, account: string): readonly string[] =>
  otherRegions(
    region,
    environments.filter((environment) => environment.account === account),
  );

/** AWS chooses a key's id; here the logical id replaces it. */
const keyOf = ({ account, region }: Anchor): string => `arn:aws:kms:${region}:${account}:key/CacheKey`;

function peopleOf({ uploaders, approvers, sessionNames = {} }: Anchor): NonNullable<AccountRole["people"]> {
  const pinned = (source: SessionNames["people"]) =>
    source === undefined ? {} : { sessionName: conditionKeyOf(source) };
  return [
    {
      role: roles.ci,
      ...(uploaders && { principals: uploaders }),
      ...pinned(sessionNames.uploaders),
    },
    {
      role: roles.approver,
      ...(approvers && { principals: approvers }),
      ...pinned(sessionNames.people),
    },
    { role: roles.operator, ...pinned(sessionNames.people) },
  ];
}

export const accountRolesOf = ({ central, region, anchors }: Estate): readonly AccountRole[] => [
  {
    ...{ account: central, region, furtherRegions: [], purpose: "central", tenant: "central", gated: false },
    label: "central",
  },
  ...anchors.flatMap((anchor): readonly AccountRole[] => [
    {
      ...{ account: anchor.account, region: anchor.region, purpose: "anchor", tenant: anchor.name },
      ...{
        furtherRegions: regionsOf(anchor),
        gated: false,
        label: anchor.name,
        separateDuties: anchor.separateDuties ?? false,
        people: peopleOf(anchor),
      },
    },
    // An account is gated when one of its environments asks for an approval: any change may belong to that
    // environment.
    ...targetAccounts(anchor).map((account): AccountRole => {
      const here = anchor.environments.filter((environment) => environment.account === account);
      return {
        ...{ account, region: anchor.region, purpose: "target", tenant: anchor.name },
        ...{ furtherRegions: furtherRegions(anchor, account), gated: here.some(({ approval }) => approval) },
        handlers: handlersIn(anchor, account),
        label: `${anchor.name} ${here.map(({ name }) => name).join("+")}`,
      };
    }),
  ]),
];
