/** Deploys the stacks of anchors and targets in further regions, as a cloud team does with stack sets. */
import { join } from "node:path";
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { anchorRegionStack, targetRegionStack } from "#anchor/regional-stacks.ts";
import { renderTemplate } from "#constructs/render.ts";
import { anchorRegionParameters, targetRegionParameters } from "#deploy/product-parameters.ts";
import type { Anchor, Estate } from "#release/estate/estate.ts";
import { regionsOf } from "#release/estate/regional.ts";
import { cacheKeyAlias } from "#release/names/deployed-names.ts";
import { createClients } from "./clients.ts";
import { deployStack } from "./deploy-stack.ts";

type RegionsInput = {
  readonly endpoint: string;
  readonly work: string;
  readonly adminSecret: string | undefined;
};

/** The products exist already: these stacks give their roles the permissions for further regions. */
export async function deployRegions(
  estate: Estate,
  { endpoint, work, adminSecret }: RegionsInput,
): Promise<void> {
  const several = estate.anchors.filter((anchor) => regionsOf(anchor).length > 0);
  if (several.length === 0) return;
  const ofAnchor = renderTemplate(anchorRegionStack, join(work, "anchor-region"));
  const ofTarget = renderTemplate(targetRegionStack, join(work, "target-region"));
  await Promise.all(
    several.map(async (anchor) => {
      const keys = createClients(endpoint, anchor.region, adminSecret)(KMSClient, anchor.account);
      const { KeyMetadata } = await keys.send(new DescribeKeyCommand({ KeyId: cacheKeyAlias }));
      const parameters = anchorRegionParameters(anchor, KeyMetadata?.Arn ?? "");
      for (const region of regionsOf(anchor)) {
        const clients = createClients(endpoint, region, adminSecret);
        const stacks = (account: string) => clients(CloudFormationClient, account);
        await deployStack(stacks(anchor.account), { name: "KedgeAnchorRegion", body: ofAnchor, parameters });
        for (const account of accountsIn(anchor, region)) {
          const parameters = targetRegionParameters(estate, anchor);
          await deployStack(stacks(account), { name: "KedgeTargetRegion", body: ofTarget, parameters });
        }
      }
    }),
  );
}

const accountsIn = ({ environments }: Anchor, region: string): readonly string[] => [
  ...new Set(environments.flatMap((each) => (each.region === region ? each.account : []))),
];
