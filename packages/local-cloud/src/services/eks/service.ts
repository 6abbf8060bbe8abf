/** Amazon EKS: clusters and who may enter them, as records. No cluster runs; what is brought to one is checked and recorded. */
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
