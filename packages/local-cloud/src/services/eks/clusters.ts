/** Implements clusters as records. No control plane runs, so a cluster's endpoint does not respond. */
import { createHash } from "node:crypto";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Cluster } from "./sdk.ts";
import { clusterArn, findCluster, type Op, onCluster } from "./state.ts";

const nameRule = /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/;

export const createCluster: Op<"CreateCluster"> = {
  access: ({ roleArn = "" }) => [
    { action: "eks:CreateCluster", resource: "*" },
    { action: "iam:PassRole", resource: roleArn, context: { "iam:PassedToService": "eks.amazonaws.com" } },
  ],
  run: (input, call) => {
    const { name = "", roleArn = "", resourcesVpcConfig = {}, version = "1.33", tags = {} } = input;
    if (!nameRule.test(name))
      throw new AwsError(
        "InvalidParameterException",
        "The cluster name must match ^[0-9A-Za-z][A-Za-z0-9-_]*.",
        400,
      );
    if (call.state.clusters.has(name))
      throw new AwsError("ResourceInUseException", `Cluster already exists with name: ${name}`, 409);
    const id = createHash("sha256")
      .update(`${call.account} ${call.region} ${name}`)
      .digest("hex")
      .toUpperCase();
    const cluster: Cluster = {
      ...{ name, roleArn, version, tags, resourcesVpcConfig },
      arn: clusterArn(call, name),
      createdAt: call.clock.now(),
      endpoint: `https://${id.slice(0, 32)}.gr7.${call.region}.eks.amazonaws.com`,
      accessConfig: { authenticationMode: "API", ...input.accessConfig },
      status: "ACTIVE",
      certificateAuthority: { data: Buffer.from("recorded: no cluster runs").toString("base64") },
      platformVersion: "eks.1",
    };
    call.state.clusters.set(name, cluster);
    call.cloud.log(`eks: the cluster ${name} is recorded, but it does not run`);
    return { cluster };
  },
};

export const describeCluster: Op<"DescribeCluster"> = {
  access: ({ name }, call) => onCluster("DescribeCluster", call, name),
  run: ({ name }, call) => ({ cluster: findCluster(call, name) }),
};

export const listClusters: Op<"ListClusters"> = {
  access: () => ({ action: "eks:ListClusters", resource: "*" }),
  run: (_, { state }) => ({ clusters: [...state.clusters.values()].map(({ name }) => name).sort() }),
};

export const deleteCluster: Op<"DeleteCluster"> = {
  access: ({ name }, call) => onCluster("DeleteCluster", call, name),
  run: ({ name = "" }, call) => {
    const cluster = findCluster(call, name);
    call.state.clusters.delete(name);
    for (const key of [...call.state.entries.keys()]) {
      if (key.startsWith(`${name} `)) call.state.entries.delete(key);
    }
    return { cluster: { ...cluster, status: "DELETING" } };
  },
};
