/** An estate with every gate, and edits of it. */

type EnvironmentOf = {
  name: string;
  account: string;
  order: number;
  branches: string[];
  [field: string]: unknown;
};
export type EstateOf = {
  anchors: { shop: AnchorOf } & { [name: string]: AnchorOf | undefined };
  [field: string]: unknown;
};
type AnchorOf = { account: string; environments: EnvironmentOf[]; [field: string]: unknown };

const person = (name: string): string => `arn:aws:iam::111111111111:role/${name}`;

export const strict: EstateOf = {
  region: "us-east-1",
  central: "101010101010",
  allowTombstone: ["main"],
  separateDuties: true,
  separateAuthors: true,
  sessionNames: { uploaders: "tag/kedge-subject", people: "tag/kedge-person" },
  retention: { artifactVersionsDays: 365, artifactVersionsCount: 10 },
  terraform: {
    images: ["public.ecr.aws/hashicorp/terraform:1.11.4"],
    providers: ["hashicorp/aws"],
    actions: ["sqs:*"],
    planBeforeApproval: false,
  },
  anchors: {
    shop: {
      account: "111111111111",
      uploaders: [person("ci")],
      approvers: [person("approver")],
      environments: [
        { name: "dev", account: "222222222222", order: 1, branches: ["**"] },
        {
          name: "prod",
          account: "444444444444",
          order: 3,
          branches: ["main"],
          approval: true,
          protected: true,
          handlers: { projects: ["kedge-handler-a"], functions: ["kedge-handler-a"] },
          existingFunctions: ["billing"],
          secrets: { "shared/db": ["orders"] },
          kubernetes: { namespaces: { shared: ["orders"] }, admin: ["orders"] },
        },
      ],
    },
  },
};

export function edited(edit: (estate: EstateOf) => unknown): EstateOf {
  const copy = structuredClone(strict);
  edit(copy);
  return copy;
}

/** Changes fields of the production environment. */
export const inProduction =
  (fields: Readonly<Record<string, unknown>>) =>
  ({ anchors: { shop } }: EstateOf): unknown =>
    Object.assign(shop.environments[1] ?? {}, fields);

export const inAnchor =
  (fields: Readonly<Record<string, unknown>>) =>
  ({ anchors: { shop } }: EstateOf): unknown =>
    Object.assign(shop, fields);

export const inEstate =
  (fields: Readonly<Record<string, unknown>>) =>
  (estate: EstateOf): unknown =>
    Object.assign(estate, fields);
