/**
 * Lists for each service of the boundary the calls between applications of one account. A call at another
 * application's resource is *own* to its owner, *refused* to every application, or *shared* for a reason below.
 */
import { anothersResource, type BoundaryService, ownResource } from "./applications-apart.ts";
import type { Probe } from "./relation.ts";

type Shared = {
  readonly actions: RegExp;
  /** IAM's types of resources; absent for all types. */
  readonly types?: readonly string[];
  readonly because: string;
};

const handsIn =
  "The call hands in an input. The owner's code decides, and neither its code nor its data changes.";
const published =
  "An application publishes addresses as parameters. CloudFormation makes no encrypted parameter, so a tagged parameter has no secret.";
const noTags = (what: string): string =>
  `IAM compares no tags of ${what}, and their names are the team's choice.`;

const shared: readonly Shared[] = [
  { actions: /^events:PutEvents$/, because: handsIn },
  { actions: /^kinesis:PutRecords?$/, because: handsIn },
  { actions: /^lambda:InvokeFunction$/, because: handsIn },
  { actions: /^sns:Publish$/, because: handsIn },
  { actions: /^sqs:(SendMessage|GetQueueUrl)$/, because: handsIn },
  { actions: /^states:Start(Sync)?Execution$/, because: handsIn },
  {
    actions: /^execute-api:/,
    because: "The authorizer of the API decides; an API without one is open by its owner's choice.",
  },
  { actions: /^ssm:GetParameter/, because: published },
  {
    actions: /^s3:/,
    types: ["bucket", "object"],
    because:
      "S3 compares a bucket's tags only where the bucket has attribute-based access control (`AbacStatus: Enabled`), and buckets do not have it by default.",
  },
  {
    actions: /^s3:/,
    because: "Access points, access grants, jobs and dashboards of S3 are made without the tags of a stack.",
  },
  {
    actions: /^iam:PassRole$/,
    because:
      "IAM does not promise to compare a role's tags when the role is passed. A template that names a role of another application is seen in the change set.",
  },
  { actions: /^lambda:/, types: ["layer", "layerVersion"], because: noTags("layers") },
  { actions: /^scheduler:/, types: ["schedule"], because: noTags("schedules") },
  {
    actions: /^states:/,
    types: ["express", "maprun", "labelled express", "labelled execution"],
    because: noTags("executions of Express workflows and map runs"),
  },
  {
    actions: /^dynamodb:/,
    types: ["backup", "export", "global-table", "import"],
    because: noTags("backups, exports and global tables"),
  },
  {
    actions: /^events:/,
    types: ["alias", "api-destination", "archive", "connection", "endpoint", "key", "replay"],
    because: `${noTags("archives, connections and destinations")} The credentials of a connection are refused to all.`,
  },
  {
    actions: /^cloudfront:/,
    because: "Policies and origin accesses of CloudFront have random ids and no tags. They hold no data.",
  },
  {
    actions: /^apigateway:/,
    types: ["Account", "Tags"],
    because:
      "The settings are the account's, and API Gateway checks no tags at its list of tags. No application writes its own tag.",
  },
];

export const sharedBecause = (action: string, type: string): string | undefined =>
  shared.find(({ actions, types }) => actions.test(action) && (types?.includes(type) ?? true))?.because;

type ServiceRow = {
  readonly service: string;
  /** Actions that an application may call at its own resources alone. */
  readonly own: readonly string[];
  readonly shared: readonly { readonly action: string; readonly type: string; readonly because: string }[];
  readonly denied: readonly string[];
};

/** `allowed`: the calls of an application's role. */
export function betweenApplications(
  services: readonly BoundaryService[],
  allowed: readonly Probe[],
): readonly ServiceRow[] {
  const calls = allowed.filter(
    ({ actor, resource }) => actor.kind === "application" && resource.ofAnApplication,
  );
  return services.flatMap(({ service, actions }) => {
    if (actions.length === 0) return [];
    const here = calls.filter(({ resource }) => resource.service === service);
    const at = (kindOf: typeof ownResource) =>
      here.filter(({ resource }) => resource.kind === kindOf(service, resource.types?.[0] ?? ""));
    const atOwn = new Set(at(ownResource).map(({ action }) => action));
    const atOthers = at(anothersResource).map(({ action, resource }) => {
      const type = resource.types?.[0] ?? "";
      return { action, type, because: sharedBecause(action, type) ?? "" };
    });
    const open = new Set(atOthers.map(({ action }) => action));
    return [
      {
        service,
        own: [...atOwn].filter((action) => !open.has(action)),
        shared: atOthers,
        denied: actions.filter((action) => !atOwn.has(action) && !open.has(action)),
      },
    ];
  });
}
