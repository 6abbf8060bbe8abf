/**
 * Publishes files to the buckets of sites in the target accounts, and invalidates the CloudFront
 * distributions in front of them.
 */
import { Readable } from "node:stream";
import { type CloudFrontClient, CreateInvalidationCommand } from "@aws-sdk/client-cloudfront";
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import type { Sites } from "#ports/sites.ts";
import type { AccountInRegion } from "#ports/target.ts";
import { unlessMissing } from "./error-names.ts";

type SiteClients = {
  readonly s3: (target: AccountInRegion) => S3Client;
  readonly cloudfront: (target: AccountInRegion) => CloudFrontClient;
};

class ObjectsLeft extends Error {
  override name = "ObjectsLeft";
}

const fingerprint = "kedge-fingerprint";
const batch = 1000; // of one call

export const sitesS3 = ({ s3, cloudfront }: SiteClients): Sites => ({
  list: async (target, Bucket) => {
    const sizes = new Map<string, number>();
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3(target) }, { Bucket })) {
      for (const { Key = "", Size = 0 } of Contents) sizes.set(Key, Size);
    }
    return sizes;
  },
  fingerprint: async (target, Bucket, Key) => {
    const head = await unlessMissing(s3(target).send(new HeadObjectCommand({ Bucket, Key })));
    return head?.Metadata?.[fingerprint];
  },
  put: async (target, Bucket, Key, { chunks }, headers) => {
    const Body = Readable.from(chunks(), { objectMode: false });
    const { cacheControl: CacheControl, contentType: ContentType } = headers;
    const Metadata = { [fingerprint]: headers.fingerprint };
    const params = { Bucket, Key, Body, CacheControl, ContentType, Metadata };
    await new Upload({ client: s3(target), params }).done();
  },
  read: async (target, Bucket, Key) => {
    const found = await unlessMissing(s3(target).send(new GetObjectCommand({ Bucket, Key })));
    return found?.Body?.transformToString();
  },
  write: async (target, Bucket, Key, Body) => {
    await s3(target).send(
      new PutObjectCommand({ Bucket, Key, Body, ContentType: "application/json", CacheControl: "no-store" }),
    );
  },
  remove: async (target, Bucket, keys) => {
    for (let at = 0; at < keys.length; at += batch) {
      const Objects = keys.slice(at, at + batch).map((Key) => ({ Key }));
      const { Errors = [] } = await s3(target).send(
        new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }),
      );
      if (Errors[0] !== undefined)
        throw new ObjectsLeft(
          `S3 kept ${Errors.length} objects, the first ${Errors[0].Key}: ${Errors[0].Message}`,
        );
    }
  },
  invalidate: async (target, DistributionId, Items, CallerReference) => {
    const Paths = { Quantity: Items.length, Items: [...Items] };
    await cloudfront(target).send(
      new CreateInvalidationCommand({ DistributionId, InvalidationBatch: { CallerReference, Paths } }),
    );
  },
});
