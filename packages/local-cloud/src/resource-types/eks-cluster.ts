/** AWS::EKS::Cluster and AWS::EKS::AccessEntry. */
import { isList, isObject, type JsonObject } from "#cloud/cloudformation/json.ts";
import { camelCase } from "./camel-case.ts";
import {
  type Provisioned,
  present,
  type ResourceContext,
  type ResourceType,
  textOf,
} from "./resource-type.ts";
import { allTags, tagMap } from "./tag-lists.ts";

const lower = (value: unknown): unknown =>
  value === undefined ? undefined : camelCase(value as JsonObject, new Set());

type Cluster = {
  readonly arn?: string;
  readonly endpoint?: string;
  readonly certificateAuthority?: { data?: string };
};

export const eksCluster: ResourceType = {
  type: "AWS::EKS::Cluster",
  create: async (properties, context) => {
    const name = textOf(properties, "Name") ?? context.name({ max: 100 });
    const { cluster = {} } = await context.call<{ cluster?: Cluster }>(
      "eks",
      "CreateCluster",
      present({
        name,
        roleArn: properties["RoleArn"],
        version: properties["Version"],
        resourcesVpcConfig: lower(properties["ResourcesVpcConfig"]),
        accessConfig: lower(properties["AccessConfig"]),
        tags: tagMap(allTags(properties, context)),
      }),
    );
    const { arn = "", endpoint = "", certificateAuthority } = cluster;
    return {
      physicalId: name,
      attributes: {
        Arn: arn,
        Endpoint: endpoint,
        CertificateAuthorityData: certificateAuthority?.data ?? "",
      },
    };
  },
  delete: async (name, _properties, context) => {
    await context.call("eks", "DeleteCluster", { name });
  },
  permissions: ["eks:CreateCluster", "eks:DeleteCluster", "iam:PassRole"],
};

const policiesOf = ({ AccessPolicies }: JsonObject): readonly JsonObject[] =>
  isList(AccessPolicies) ? AccessPolicies.filter(isObject) : [];

const accessEntryOf = (properties: JsonObject) => ({
  clusterName: textOf(properties, "ClusterName"),
  principalArn: textOf(properties, "PrincipalArn"),
});

async function associate(properties: JsonObject, context: ResourceContext): Promise<void> {
  for (const policy of policiesOf(properties)) {
    const accessScope = lower(policy["AccessScope"]);
    const policyArn = textOf(policy, "PolicyArn");
    await context.call("eks", "AssociateAccessPolicy", {
      ...accessEntryOf(properties),
      policyArn,
      accessScope,
    });
  }
}

const described = (properties: JsonObject, arn: string): Provisioned => ({
  physicalId: `${textOf(properties, "PrincipalArn") ?? ""}|${textOf(properties, "ClusterName") ?? ""}`,
  attributes: { AccessEntryArn: arn },
});

export const eksAccessEntry: ResourceType = {
  type: "AWS::EKS::AccessEntry",
  create: async (properties, context) => {
    const { accessEntry } = await context.call<{ accessEntry?: { accessEntryArn?: string } }>(
      "eks",
      "CreateAccessEntry",
      present({
        ...accessEntryOf(properties),
        kubernetesGroups: properties["KubernetesGroups"],
        username: properties["Username"],
        type: properties["Type"],
        tags: tagMap(allTags(properties, context)),
      }),
    );
    await associate(properties, context);
    return described(properties, accessEntry?.accessEntryArn ?? "");
  },
  update: async (_id, properties, previous, context) => {
    const kept = policiesOf(properties).map((policy) => textOf(policy, "PolicyArn"));
    for (const policy of policiesOf(previous)) {
      const policyArn = textOf(policy, "PolicyArn");
      if (!kept.includes(policyArn))
        await context.call("eks", "DisassociateAccessPolicy", { ...accessEntryOf(properties), policyArn });
    }
    await associate(properties, context);
    const { accessEntry } = await context.call<{ accessEntry?: { accessEntryArn?: string } }>(
      "eks",
      "DescribeAccessEntry",
      accessEntryOf(properties),
    );
    return described(properties, accessEntry?.accessEntryArn ?? "");
  },
  delete: async (_id, properties, context) => {
    await context.call("eks", "DeleteAccessEntry", accessEntryOf(properties));
  },
  permissions: [
    "eks:CreateAccessEntry",
    "eks:AssociateAccessPolicy",
    "eks:DisassociateAccessPolicy",
    "eks:DescribeAccessEntry",
    "eks:DeleteAccessEntry",
  ],
};
