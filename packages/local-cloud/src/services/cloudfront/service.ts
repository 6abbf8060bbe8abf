/**
 * Serves Amazon CloudFront as records: it checks and stores distributions and invalidations, but runs no
 * edge.
 */
import * as sdk from "@aws-sdk/client-cloudfront";
import { defineService } from "#cloud/kernel/service.ts";
import * as controls from "./access-controls.ts";
import * as distributions from "./distributions.ts";
import * as invalidations from "./invalidations.ts";
import { cloudFrontState } from "./state.ts";

export const cloudfront = defineService(
  { name: "cloudfront", sdk, protocols: ["routed-xml"], global: true, state: cloudFrontState },
  {
    CreateDistribution: distributions.createDistribution,
    CreateDistributionWithTags: distributions.createDistributionWithTags,
    CreateInvalidation: invalidations.createInvalidation,
    CreateOriginAccessControl: controls.createOriginAccessControl,
    DeleteDistribution: distributions.deleteDistribution,
    DeleteOriginAccessControl: controls.deleteOriginAccessControl,
    GetDistribution: distributions.getDistribution,
    GetInvalidation: invalidations.getInvalidation,
    GetOriginAccessControl: controls.getOriginAccessControl,
    ListInvalidations: invalidations.listInvalidations,
    UpdateDistribution: distributions.updateDistribution,
    UpdateOriginAccessControl: controls.updateOriginAccessControl,
  },
);
