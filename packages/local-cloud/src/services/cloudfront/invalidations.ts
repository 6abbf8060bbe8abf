/**
 * Records invalidations of cached paths. This cloud has no edge locations, so an invalidation is complete at
 * once.
 */
import type { InvalidationBatch } from "@aws-sdk/client-cloudfront";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { distributionArn, findDistribution, type InvalidationRow, newId, type Op } from "./state.ts";

const invalidationShape = ({ id, created, batch }: InvalidationRow) => ({
  Id: id,
  Status: "Completed",
  CreateTime: new Date(created),
  InvalidationBatch: batch,
});

function check(batch: Partial<InvalidationBatch> | undefined): InvalidationBatch {
  const paths = batch?.Paths?.Items ?? [];
  if (!batch?.CallerReference || paths.length === 0)
    throw new AwsError(
      "InvalidArgument",
      "Your request must contain a caller reference and at least one path.",
      400,
    );
  if (batch.Paths?.Quantity !== paths.length)
    throw new AwsError(
      "InconsistentQuantities",
      "The value of Quantity and the size of Items don't match.",
      400,
    );
  const odd = paths.find((path) => !path.startsWith("/"));
  if (odd !== undefined)
    throw new AwsError(
      "InvalidArgument",
      "Your request contains one or more invalid invalidation paths.",
      400,
    );
  return batch as InvalidationBatch;
}

export const createInvalidation: Op<"CreateInvalidation"> = {
  access: ({ DistributionId }, call) => ({
    action: "cloudfront:CreateInvalidation",
    resource: distributionArn(call, DistributionId),
  }),
  run: ({ DistributionId, InvalidationBatch: given }, call) => {
    const { id: distribution } = findDistribution(call, DistributionId);
    const batch = check(given);
    const key = `${distribution} ${batch.CallerReference}`;
    const before = call.state.invalidations.get(key);
    if (before !== undefined && JSON.stringify(before.batch.Paths) !== JSON.stringify(batch.Paths))
      throw new AwsError("InvalidArgument", "The caller reference was used for another invalidation.", 400);
    const row = before ?? { id: newId("I"), distribution, created: call.clock.now().toISOString(), batch };
    call.state.invalidations.set(key, row);
    const Location = `https://cloudfront.amazonaws.com/2020-05-31/distribution/${distribution}/invalidation/${row.id}`;
    return { Location, Invalidation: invalidationShape(row) };
  },
};

export const listInvalidations: Op<"ListInvalidations"> = {
  access: ({ DistributionId }, call) => ({
    action: "cloudfront:ListInvalidations",
    resource: distributionArn(call, DistributionId),
  }),
  run: ({ DistributionId }, call) => {
    const { id } = findDistribution(call, DistributionId);
    const Items = [...call.state.invalidations.values()]
      .filter(({ distribution }) => distribution === id)
      .map(invalidationShape);
    return {
      InvalidationList: { Marker: "", MaxItems: 100, IsTruncated: false, Quantity: Items.length, Items },
    };
  },
};

export const getInvalidation: Op<"GetInvalidation"> = {
  access: ({ DistributionId }, call) => ({
    action: "cloudfront:GetInvalidation",
    resource: distributionArn(call, DistributionId),
  }),
  run: ({ DistributionId, Id }, call) => {
    const found = [...call.state.invalidations.values()].find(
      ({ id, distribution }) => id === Id && distribution === DistributionId,
    );
    if (found === undefined)
      throw new AwsError("NoSuchInvalidation", "The specified invalidation does not exist.", 404);
    return { Invalidation: invalidationShape(found) };
  },
};
