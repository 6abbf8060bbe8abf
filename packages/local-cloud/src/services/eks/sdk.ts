/**
 * Declares the EKS operations of this cloud: schemas by operation, and the types of their commands. The form
 * is that of `@aws-sdk/client-eks`, so that the client can replace this file.
 */

const namespace = "com.amazonaws.eks";
const label = [0, 1];
const texts = 64;
const textMap = 128;
const boolean = 2;
const time = 4;

type Schema = readonly unknown[];

/** Declares a structure whose first `required` members are required. */
const structure = (name: string, members: Readonly<Record<string, unknown>>, required = 0): Schema => [
  3,
  namespace,
  name,
  0,
  Object.keys(members),
  Object.values(members),
  required,
];

const operation = (name: string, method: string, uri: string, input: Schema, output: Schema): Schema => [
  9,
  namespace,
  name,
  { http: [method, uri, 200] },
  () => input,
  () => output,
];

const failure = (name: string, httpError: number): Schema => [
  -3,
  namespace,
  name,
  { error: "client", httpError },
  ["message"],
  [0],
];

const vpcConfig = structure("VpcConfigRequest", {
  subnetIds: texts,
  securityGroupIds: texts,
  endpointPublicAccess: boolean,
  endpointPrivateAccess: boolean,
  publicAccessCidrs: texts,
});
const accessConfig = structure("CreateAccessConfigRequest", {
  bootstrapClusterCreatorAdminPermissions: boolean,
  authenticationMode: 0,
});
const cluster = structure("Cluster", {
  name: 0,
  arn: 0,
  createdAt: time,
  version: 0,
  endpoint: 0,
  roleArn: 0,
  resourcesVpcConfig: () => vpcConfig,
  accessConfig: () => accessConfig,
  status: 0,
  certificateAuthority: () => structure("Certificate", { data: 0 }),
  platformVersion: 0,
  tags: textMap,
});
const accessEntry = structure("AccessEntry", {
  clusterName: 0,
  principalArn: 0,
  kubernetesGroups: texts,
  accessEntryArn: 0,
  createdAt: time,
  modifiedAt: time,
  tags: textMap,
  username: 0,
  type: 0,
});
const accessScope = structure("AccessScope", { type: 0, namespaces: texts });
const associated = structure("AssociatedAccessPolicy", {
  policyArn: 0,
  accessScope: () => accessScope,
  associatedAt: time,
  modifiedAt: time,
});
const entries = "/clusters/{clusterName}/access-entries";
const oneEntry = `${entries}/{principalArn}`;
const named = { clusterName: label, principalArn: label };
const clusterAnswer = structure("ClusterResponse", { cluster: () => cluster });
const entryAnswer = structure("AccessEntryResponse", { accessEntry: () => accessEntry });

const schemas = {
  CreateCluster$: operation(
    "CreateCluster",
    "POST",
    "/clusters",
    structure(
      "CreateClusterRequest",
      {
        name: 0,
        roleArn: 0,
        resourcesVpcConfig: () => vpcConfig,
        version: 0,
        accessConfig: () => accessConfig,
        tags: textMap,
      },
      3,
    ),
    clusterAnswer,
  ),
  DescribeCluster$: operation(
    "DescribeCluster",
    "GET",
    "/clusters/{name}",
    structure("DescribeClusterRequest", { name: label }, 1),
    clusterAnswer,
  ),
  ListClusters$: operation(
    "ListClusters",
    "GET",
    "/clusters",
    structure("ListClustersRequest", {}),
    structure("ListClustersResponse", { clusters: texts }),
  ),
  DeleteCluster$: operation(
    "DeleteCluster",
    "DELETE",
    "/clusters/{name}",
    structure("DeleteClusterRequest", { name: label }, 1),
    clusterAnswer,
  ),
  CreateAccessEntry$: operation(
    "CreateAccessEntry",
    "POST",
    entries,
    structure(
      "CreateAccessEntryRequest",
      {
        clusterName: label,
        principalArn: 0,
        kubernetesGroups: texts,
        tags: textMap,
        username: 0,
        type: 0,
      },
      2,
    ),
    entryAnswer,
  ),
  DescribeAccessEntry$: operation(
    "DescribeAccessEntry",
    "GET",
    oneEntry,
    structure("DescribeAccessEntryRequest", named, 2),
    entryAnswer,
  ),
  DeleteAccessEntry$: operation(
    "DeleteAccessEntry",
    "DELETE",
    oneEntry,
    structure("DeleteAccessEntryRequest", named, 2),
    structure("DeleteAccessEntryResponse", {}),
  ),
  AssociateAccessPolicy$: operation(
    "AssociateAccessPolicy",
    "POST",
    `${oneEntry}/access-policies`,
    structure("AssociateAccessPolicyRequest", { ...named, policyArn: 0, accessScope: () => accessScope }, 4),
    structure("AssociateAccessPolicyResponse", {
      clusterName: 0,
      principalArn: 0,
      associatedAccessPolicy: () => associated,
    }),
  ),
  DisassociateAccessPolicy$: operation(
    "DisassociateAccessPolicy",
    "DELETE",
    `${oneEntry}/access-policies/{policyArn}`,
    structure("DisassociateAccessPolicyRequest", { ...named, policyArn: label }, 3),
    structure("DisassociateAccessPolicyResponse", {}),
  ),
  ListAssociatedAccessPolicies$: operation(
    "ListAssociatedAccessPolicies",
    "GET",
    `${oneEntry}/access-policies`,
    structure("ListAssociatedAccessPoliciesRequest", named, 2),
    structure("ListAssociatedAccessPoliciesResponse", {
      clusterName: 0,
      principalArn: 0,
      associatedAccessPolicies: [1, namespace, "AssociatedAccessPoliciesList", 0, () => associated],
    }),
  ),
  ResourceNotFoundException$: failure("ResourceNotFoundException", 404),
  ResourceInUseException$: failure("ResourceInUseException", 409),
  InvalidParameterException$: failure("InvalidParameterException", 400),
  InvalidRequestException$: failure("InvalidRequestException", 400),
};

export type Cluster = {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Date;
  readonly version: string;
  readonly endpoint: string;
  readonly roleArn: string;
  readonly resourcesVpcConfig: object;
  readonly accessConfig: object;
  readonly status: "ACTIVE" | "DELETING";
  readonly certificateAuthority: { readonly data: string };
  readonly platformVersion: string;
  readonly tags: Readonly<Record<string, string>>;
};

export type AccessEntry = {
  readonly clusterName: string;
  readonly principalArn: string;
  readonly kubernetesGroups: readonly string[];
  readonly accessEntryArn: string;
  readonly createdAt: Date;
  readonly modifiedAt: Date;
  readonly tags: Readonly<Record<string, string>>;
  readonly username: string;
  readonly type: string;
};

type AccessScope = { readonly type?: string; readonly namespaces?: readonly string[] };
export type AccessPolicy = {
  readonly policyArn: string;
  readonly accessScope: AccessScope;
  readonly associatedAt: Date;
  readonly modifiedAt: Date;
};

type EntryName = { readonly clusterName?: string; readonly principalArn?: string };

type CommandOf<Input, Output> = new (
  ...rest: never[]
) => {
  readonly input: Input;
  resolveMiddleware(...rest: never[]): (...rest: never[]) => Promise<{ readonly output: Output }>;
};

type Commands = {
  readonly CreateClusterCommand: CommandOf<
    {
      readonly name?: string;
      readonly roleArn?: string;
      readonly resourcesVpcConfig?: object;
      readonly version?: string;
      readonly accessConfig?: object;
      readonly tags?: Readonly<Record<string, string>>;
    },
    { readonly cluster: Cluster }
  >;
  readonly DescribeClusterCommand: CommandOf<{ readonly name?: string }, { readonly cluster: Cluster }>;
  readonly ListClustersCommand: CommandOf<object, { readonly clusters: readonly string[] }>;
  readonly DeleteClusterCommand: CommandOf<{ readonly name?: string }, { readonly cluster: Cluster }>;
  readonly CreateAccessEntryCommand: CommandOf<
    EntryName & Partial<Pick<AccessEntry, "kubernetesGroups" | "tags" | "username" | "type">>,
    { readonly accessEntry: AccessEntry }
  >;
  readonly DescribeAccessEntryCommand: CommandOf<EntryName, { readonly accessEntry: AccessEntry }>;
  readonly DeleteAccessEntryCommand: CommandOf<EntryName, object>;
  readonly AssociateAccessPolicyCommand: CommandOf<
    EntryName & { readonly policyArn?: string; readonly accessScope?: AccessScope },
    EntryName & { readonly associatedAccessPolicy: AccessPolicy }
  >;
  readonly DisassociateAccessPolicyCommand: CommandOf<EntryName & { readonly policyArn?: string }, object>;
  readonly ListAssociatedAccessPoliciesCommand: CommandOf<
    EntryName,
    EntryName & { readonly associatedAccessPolicies: readonly AccessPolicy[] }
  >;
};

/** Only the schemas exist at run time; the command types are those of the SDK client. */
export const sdk = schemas as typeof schemas & Commands;
