/** Serves Amazon EKS as records: it checks and stores clusters and access entries, but runs no cluster. */
import { defineService } from "#cloud/kernel/service.ts";
import * as entries from "./access-entries.ts";
import { createCluster, deleteCluster, describeCluster, listClusters } from "./clusters.ts";
import { sdk } from "./sdk.ts";
import { type EksState, eksState } from "./state.ts";

export const eks = defineService<EksState, typeof sdk>(
  { name: "eks", sdk, protocols: ["rest-json"], state: eksState },
  {
    AssociateAccessPolicy: entries.associateAccessPolicy,
    CreateAccessEntry: entries.createAccessEntry,
    CreateCluster: createCluster,
    DeleteAccessEntry: entries.deleteAccessEntry,
    DeleteCluster: deleteCluster,
    DescribeAccessEntry: entries.describeAccessEntry,
    DescribeCluster: describeCluster,
    DisassociateAccessPolicy: entries.disassociateAccessPolicy,
    ListAssociatedAccessPolicies: entries.listAssociatedAccessPolicies,
    ListClusters: listClusters,
  },
);
