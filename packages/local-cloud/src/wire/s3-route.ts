/** Finds the operation of an S3 request: by method, by depth (service, bucket, object) and by sub-resource. */
import { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { queryMatches, type Route, routesOf } from "./http-binding.ts";
import type { S3Address } from "./s3-address.ts";
import { requiredMembers } from "./schema.ts";
import type { WiredService, WireRequest } from "./wire.ts";

type Level = "service" | "bucket" | "object";

type S3Route = Route & { readonly level: Level; readonly needs: ReturnType<typeof needs> };

/** The known sub-resources. A sub-resource without a route must not reach the plain operation. */
const SUB_RESOURCES = new Set(
  "accelerate acl analytics attributes cors encryption intelligent-tiering inventory legal-hold lifecycle location logging metadataConfiguration metadataTable metrics notification object-lock ownershipControls policy policyStatus publicAccessBlock replication requestPayment restore retention select session tagging torrent uploads versioning versions website uploadId delete".split(
    " ",
  ),
);

/** The plain operations for routes to which AWS's own routing table assigns two operations. */
const PREFERRED = new Set([
  "PutObject",
  "UploadPart",
  "GetObject",
  "ListObjects",
  "ListBuckets",
  "CreateBucket",
  "DeleteObject",
  "HeadObject",
  "GetBucketNotificationConfiguration",
  "PutBucketNotificationConfiguration",
  "GetBucketLifecycleConfiguration",
  "PutBucketLifecycleConfiguration",
]);

export function s3Routes({ schema }: WiredService): readonly S3Route[] {
  return routesOf(schema.operations.values()).map((route) => ({
    ...route,
    level: levelOf(route),
    needs: needs(route),
  }));
}

export function findRoute(
  routes: readonly S3Route[],
  request: WireRequest,
  { bucket, key }: S3Address,
): S3Route {
  const level: Level = bucket === "" ? "service" : key === "" ? "bucket" : "object";
  const fits = routes.filter(
    (route) => route.method === request.method && route.level === level && queryMatches(route, request.query),
  );
  const most = fits[0]?.query.length ?? 0;
  const candidates = fits
    .filter((route) => route.query.length === most && route.needs.every((met) => met(request)))
    .sort((left, right) => right.needs.length - left.needs.length);
  const likely = candidates.filter((route) => route.needs.length === candidates[0]?.needs.length);
  const route = likely.find(({ operation }) => PREFERRED.has(operation.name)) ?? likely[0];
  const stray = strayResource(route, request);
  if (route !== undefined && stray === undefined) return route;
  throw new AwsError("MethodNotAllowed", "The specified method is not allowed against this resource.", 405, {
    Method: request.method,
    ResourceType: (stray ?? level).toUpperCase(),
  });
}

/** Returns a sub-resource of the request that the route does not stand for. */
const strayResource = (route: S3Route | undefined, { query }: WireRequest): string | undefined =>
  [...query.keys()].find(
    (name) =>
      SUB_RESOURCES.has(name) &&
      !route?.query.some(([parameter]) => parameter === name) &&
      !(route && bindsQuery(route, name)),
  );

const levelOf = (route: Route): Level =>
  route.labels.includes("Key")
    ? "object"
    : NormalizedSchema.of(route.operation.input).getMemberSchemas()["Bucket"] === undefined
      ? "service"
      : "bucket";

/** Operations that share method and path differ by their required headers and parameters. */
const needs = (route: Route): readonly ((request: WireRequest) => boolean)[] => {
  const members = NormalizedSchema.of(route.operation.input).getMemberSchemas();
  return requiredMembers(NormalizedSchema.of(route.operation.input)).flatMap((name) => {
    const traits = members[name]?.getMergedTraits();
    const header = traits?.httpHeader?.toLowerCase();
    const parameter = traits?.httpQuery;
    if (header !== undefined) return [(request: WireRequest) => request.headers[header] !== undefined];
    if (parameter !== undefined) return [(request: WireRequest) => request.query.has(parameter)];
    return [];
  });
};

const bindsQuery = (route: Route, name: string): boolean =>
  [...NormalizedSchema.of(route.operation.input).structIterator()].some(
    ([, member]) => member.getMergedTraits().httpQuery === name,
  );
