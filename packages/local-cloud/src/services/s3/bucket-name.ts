/** Checks the form of a bucket name. */
import { AwsError } from "#cloud/kernel/aws-error.ts";

const LABELS = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
const ADDRESS = /^\d+\.\d+\.\d+\.\d+$/;
const RESERVED = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/;

export function checkBucketName(name: string): string {
  const fits = name.length >= 3 && name.length <= 63 && LABELS.test(name);
  if (!fits || ADDRESS.test(name) || RESERVED.test(name))
    throw new AwsError("InvalidBucketName", "The specified bucket is not valid.", 400, { BucketName: name });
  return name;
}
