/**
 * A small estate with all cases that matter to access: two anchors, a target behind an approval, and other
 * targets.
 */
import { type Analysis, analyse } from "#access/analysis.ts";
import { readCallTable } from "#access/calls/call-table.ts";
import { readDeployedEstate } from "#access/deployed-estate.ts";
import type { Deployment } from "#access/deployment.ts";
import { accountRolesOf, estateDeployments } from "#deploy/estate-deployments.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";

const text = (more: string): string => `
region: us-east-1
central: "101010101010"
anchors:
  shop:
    account: "111111111111"
${more}
    environments:
      - { name: dev, account: "222222222222", order: 1, branches: ["**"] }
      - name: prod
        account: "444444444444"
        order: 2
        branches: [main]
        approval: true
        handlers: { projects: [kedge-handler-letters], functions: [kedge-handler-letters, kedge-handler-migrations] }
        regions: [us-east-1, eu-west-1]
  bank:
    account: "121212121212"
    environments:
      - { name: dev, account: "232323232323", order: 1, branches: ["**"] }
`;

const root = process.cwd();

export async function smallEstate(more: string): Promise<Pick<Analysis, "accountRoles" | "estate">> {
  const estate = parseEstate(text(more));
  return {
    accountRoles: accountRolesOf(estate),
    estate: readDeployedEstate(await estateDeployments(estate)),
  };
}

/** Makes analyses of the small estate. The templates and the calls of the code are read once. */
export async function smallEstateAnalyst(): Promise<
  (change?: (deployments: readonly Deployment[]) => readonly Deployment[]) => Promise<Analysis>
> {
  const estate = parseEstate(text(""));
  const deployments = await estateDeployments(estate);
  const calls = await readCallTable(root);
  return (change = (same) => same) =>
    analyse({ accountRoles: accountRolesOf(estate), deployments: change(deployments), calls });
}

/**
 * Returns the deployment with changed resources when it is of the stack `stack`, else the same deployment.
 */
export const changed = (
  deployment: Deployment,
  stack: string,
  change: (resources: Record<string, { Type: string; Properties?: Record<string, unknown> }>) => void,
): Deployment => {
  if (deployment.stack !== stack) return deployment;
  const template = structuredClone(deployment.template);
  change(template.Resources as never);
  return { ...deployment, template };
};
