/**
 * Runs the lifecycle rules once a day: expires objects and noncurrent versions, and aborts unfinished
 * uploads.
 */
import type { LifecycleRule } from "@aws-sdk/client-s3";
import { type Principal, servicePrincipal } from "#cloud/kernel/principal.ts";
import type { ServiceContext } from "#cloud/kernel/service.ts";
import { abortUpload } from "./abort-multipart-upload.ts";
import { commitMarker, removeVersion } from "./commit.ts";
import { type Bucket, globalStateOf, type S3Call, type State, type Version } from "./state.ts";

const DAY = 86_400_000;

/** Schedules the run at the clock's next midnight. */
export function scheduleLifecycle(context: ServiceContext<State>): void {
  const { clock, cloud } = context;
  const midnight = new Date(Math.floor(clock.now().getTime() / DAY + 1) * DAY);
  clock.at(midnight, async () => {
    const globalState = globalStateOf(context);
    for (const bucket of [...globalState.buckets.values()])
      if (bucket.lifecycle !== undefined) await runRules(bucket, callFor(bucket, context));
    if (!cloud.stopping()) scheduleLifecycle(context);
  });
}

/** A call of S3 itself, in the bucket owner's account. */
function callFor(bucket: Bucket, { cloud, clock, stateOf }: ServiceContext<State>): S3Call {
  const principal: Principal = servicePrincipal("s3.amazonaws.com", { sourceAccount: bucket.account });
  return {
    principal,
    account: bucket.account,
    region: bucket.region,
    requestId: `lifecycle-${clock.now().getTime()}`,
    sourceIp: "s3.amazonaws.com",
    state: stateOf(bucket.account),
    stateOf: (account) => stateOf(account),
    clock,
    cloud,
  };
}

async function runRules(bucket: Bucket, call: S3Call): Promise<void> {
  const objects = globalStateOf(call).objects(bucket);
  for (const rule of (bucket.lifecycle ?? []).filter(({ Status }) => Status === "Enabled")) {
    for (const key of [...objects.keys()]) expire(objects.versions(key), rule, bucket, call);
    const days = rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation;
    for (const upload of days === undefined ? [] : [...globalStateOf(call).uploads.values()])
      if (
        upload.bucketId === bucket.id &&
        upload.key.startsWith(prefixOf(rule)) &&
        isOlder(upload.initiatedAt, days, call)
      )
        await abortUpload(upload, call);
  }
}

function expire(versions: readonly Version[], rule: LifecycleRule, bucket: Bucket, call: S3Call): void {
  const [newest, ...noncurrent] = versions;
  const { Expiration: expiration, NoncurrentVersionExpiration: old } = rule;
  const keep = old?.NewerNoncurrentVersions ?? 0;
  for (const [index, version] of noncurrent.entries()) {
    // A version is noncurrent from the creation of the next newer version.
    const since = versions[index]?.lastModified ?? version.lastModified;
    if (index >= keep && matches(rule, version) && isOlder(since, old?.NoncurrentDays, call))
      removeVersion(bucket, version, call, "Lifecycle Expiration");
  }
  if (newest === undefined || expiration === undefined || !matches(rule, newest)) return;
  if (newest.content === undefined) {
    const alone = globalStateOf(call).objects(bucket).versions(newest.key).length === 1;
    if (expiration.ExpiredObjectDeleteMarker && alone)
      removeVersion(bucket, newest, call, "Lifecycle Expiration");
    return;
  }
  const due =
    isOlder(newest.lastModified, expiration.Days, call) ||
    (expiration.Date !== undefined && expiration.Date <= call.clock.now());
  if (!due) return;
  if (bucket.versioning === undefined) removeVersion(bucket, newest, call, "Lifecycle Expiration");
  else commitMarker(bucket, newest.key, call, "Lifecycle Expiration");
}

/** S3 counts whole days from the next midnight UTC. (S3 User Guide, "Lifecycle configuration elements") */
const isOlder = (since: Date, days: number | undefined, { clock }: S3Call): boolean =>
  days !== undefined && Math.ceil(since.getTime() / DAY + days) * DAY <= clock.now().getTime();

const prefixOf = ({ Filter, Prefix }: LifecycleRule): string =>
  Filter?.And?.Prefix ?? Filter?.Prefix ?? Prefix ?? "";

function matches(rule: LifecycleRule, { key, content }: Version): boolean {
  const { Filter } = rule;
  const tags = Filter?.And?.Tags ?? (Filter?.Tag === undefined ? [] : [Filter.Tag]);
  const size = content?.size ?? 0;
  return (
    key.startsWith(prefixOf(rule)) &&
    tags.every(({ Key, Value }) => content?.tags.some((tag) => tag.Key === Key && tag.Value === Value)) &&
    size > (Filter?.And?.ObjectSizeGreaterThan ?? Filter?.ObjectSizeGreaterThan ?? -1) &&
    size < (Filter?.And?.ObjectSizeLessThan ?? Filter?.ObjectSizeLessThan ?? Number.POSITIVE_INFINITY)
  );
}
