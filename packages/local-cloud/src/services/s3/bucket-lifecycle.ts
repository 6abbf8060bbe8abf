/** These operations read, set and delete a bucket's lifecycle rules. */

import { randomUUID } from "node:crypto";
import type { LifecycleRule } from "@aws-sdk/client-s3";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { invalidArgument, invalidRequest, malformedXml } from "./errors.ts";
import { findBucket, onBucket } from "./find-bucket.ts";
import { globalStateOf, type S3Operation } from "./state.ts";

export const getBucketLifecycleConfiguration: S3Operation<"GetBucketLifecycleConfiguration"> = {
  access: onBucket("GetLifecycleConfiguration"),
  run: (input, call) => {
    const { lifecycle, name } = findBucket(input, call);
    if (lifecycle === undefined)
      throw new AwsError("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist", 404, {
        BucketName: name,
      });
    return {
      Rules: [...lifecycle],
      TransitionDefaultMinimumObjectSize: "all_storage_classes_128K",
    };
  },
};

export const putBucketLifecycleConfiguration: S3Operation<"PutBucketLifecycleConfiguration"> = {
  access: onBucket("PutLifecycleConfiguration"),
  run: (input, call) => {
    const bucket = findBucket(input, call);
    const rules = (input.LifecycleConfiguration?.Rules ?? []).map((rule) => ({
      ...rule,
      ID: rule.ID ?? randomUUID(),
    }));
    checkRules(rules);
    globalStateOf(call).buckets.set(bucket.name, { ...bucket, lifecycle: rules });
    return {
      TransitionDefaultMinimumObjectSize:
        input.TransitionDefaultMinimumObjectSize ?? "all_storage_classes_128K",
    };
  },
};

export const deleteBucketLifecycle: S3Operation<"DeleteBucketLifecycle"> = {
  access: onBucket("PutLifecycleConfiguration"),
  run: (input, call) => {
    const { lifecycle: _lifecycle, ...bucket } = findBucket(input, call);
    globalStateOf(call).buckets.set(bucket.name, bucket);
    return {};
  },
};

function checkRules(rules: readonly LifecycleRule[]): void {
  if (rules.length === 0 || rules.length > 1000) throw malformedXml();
  if (new Set(rules.map(({ ID }) => ID)).size < rules.length)
    throw invalidArgument("Rule ID must be unique. Found same ID for more than one rule");
  for (const rule of rules) {
    if (rule.Status !== "Enabled" && rule.Status !== "Disabled") throw malformedXml();
    if ((rule.ID ?? "").length > 255)
      throw invalidArgument("ID length should not exceed allowed limit of 255");
    const { Expiration, NoncurrentVersionExpiration, AbortIncompleteMultipartUpload } = rule;
    const actions = [
      Expiration,
      NoncurrentVersionExpiration,
      AbortIncompleteMultipartUpload,
      rule.Transitions?.[0],
      rule.NoncurrentVersionTransitions?.[0],
    ];
    if (actions.every((action) => action === undefined))
      throw invalidRequest("At least one action needs to be specified in a rule");
    const days = [
      Expiration?.Days,
      NoncurrentVersionExpiration?.NoncurrentDays,
      AbortIncompleteMultipartUpload?.DaysAfterInitiation,
    ];
    if (days.some((count) => count !== undefined && !(Number.isInteger(count) && count > 0)))
      throw invalidArgument("'Days' for Expiration action must be a positive integer");
  }
}
