/** The whole analysis of one estate: who there is, what there is, who may do what, and what is needed. */
import { readCatalog } from "./actions.ts";
import type { Deployment } from "./deployment.ts";
import { lambdaNeeds } from "./needs/lambda-needs.ts";
import type { Need } from "./needs/need.ts";
import { peopleNeeds } from "./needs/people-needs.ts";
import { pipelineNeeds } from "./needs/pipeline-needs.ts";
import { templateNeeds } from "./needs/template-needs.ts";
import { otherRegion, type Place } from "./place.ts";
import { placesOf } from "./places.ts";
import { type Actor, actorsOf } from "./principals.ts";
import { type Relation, relate } from "./relation.ts";
import { spokenPlaces } from "./spoken-places.ts";
import type { Standing } from "./standing.ts";
import { publicLayer } from "./strangers.ts";
import { readWorld, type World } from "./world.ts";

export type Analysis = {
  readonly standings: readonly Standing[];
  readonly world: World;
  readonly actors: readonly Actor[];
  readonly places: readonly Place[];
  readonly relation: Relation;
  readonly needs: readonly Need[];
};

type AnalysisInput = {
  readonly standings: readonly Standing[];
  readonly deployments: readonly Deployment[];
  /** The folder of the sources: the Lambdas' calls are read from their code. */
  readonly root: string;
};

export async function analyse({ standings, deployments, root }: AnalysisInput): Promise<Analysis> {
  const world = readWorld(deployments);
  const region = standings[0]?.region ?? "us-east-1";
  const layers = [publicLayer(region), publicLayer(otherRegion, "a public layer in another region")];
  const listed = [...placesOf(world, standings), ...layers];
  const places = [...listed, ...spokenPlaces(world, standings, listed)];
  const actors = actorsOf(world, standings);
  const relation = relate({ world, actors, places, catalog: await readCatalog(places) });
  const lambdas = await lambdaNeeds(
    root,
    world.roles.map(({ name }) => name),
  );
  const needs = [...lambdas, ...templateNeeds(world), ...pipelineNeeds(world, lambdas), ...peopleNeeds];
  return { standings, world, actors, places, relation, needs };
}
