/**
 * Analyses one estate: its principals, its resources, the calls that are possible, and the calls that are
 * needed.
 */

import type { AccountRole } from "./account-role.ts";
import { readCatalog } from "./actions.ts";
import { type BoundaryService, boundaryServices, resourcesOfApplications } from "./applications-apart.ts";
import type { CallTable } from "./calls/call-table.ts";
import { type DeployedEstate, readDeployedEstate } from "./deployed-estate.ts";
import type { Deployment } from "./deployment.ts";
import { publicResources } from "./foreign-resources.ts";
import { commandNeeds } from "./needs/command-needs.ts";
import { lambdaNeeds } from "./needs/lambda-needs.ts";
import type { Need } from "./needs/need.ts";
import { peopleNeeds } from "./needs/people-needs.ts";
import { pipelineNeeds } from "./needs/pipeline-needs.ts";
import { templateNeeds } from "./needs/template-needs.ts";
import { type Actor, actorsOf } from "./principals.ts";
import { type Relation, relate } from "./relation.ts";
import type { ProbedResource } from "./resource.ts";
import { resourcesOf } from "./resources.ts";
import { resourcesInPolicies } from "./resources-in-policies.ts";

export type Analysis = {
  readonly accountRoles: readonly AccountRole[];
  readonly estate: DeployedEstate;
  readonly actors: readonly Actor[];
  readonly resources: readonly ProbedResource[];
  /** The services that the boundary of applications names. */
  readonly services: readonly BoundaryService[];
  readonly relation: Relation;
  readonly needs: readonly Need[];
};

type AnalysisInput = {
  readonly accountRoles: readonly AccountRole[];
  readonly deployments: readonly Deployment[];
  readonly calls: CallTable;
};

export async function analyse({ accountRoles, deployments, calls }: AnalysisInput): Promise<Analysis> {
  const estate = readDeployedEstate(deployments);
  const listed = [...resourcesOf(estate, accountRoles), ...publicResources(accountRoles)];
  const services = await boundaryServices(estate, accountRoles);
  const resources = [
    ...listed,
    ...resourcesInPolicies(estate, accountRoles, listed),
    ...(await resourcesOfApplications(services, estate, accountRoles)),
  ];
  const actors = actorsOf(estate, accountRoles);
  const relation = relate({ estate, actors, resources, catalog: await readCatalog(resources) });
  const lambdas = lambdaNeeds(
    calls,
    estate.roles.map(({ name }) => name),
  );
  const needs = [
    ...[...lambdas, ...templateNeeds(estate), ...pipelineNeeds(estate, lambdas)],
    ...[...commandNeeds(calls), ...peopleNeeds],
  ];
  return { accountRoles, estate, actors, resources, services, relation, needs };
}
