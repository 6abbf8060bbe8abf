/** Declares the types of IAM's operations, and the errors that they share. */
import type * as sdk from "@aws-sdk/client-iam";
import type { IamState } from "#cloud/iam/iam-state.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Call, OperationOf, Operations } from "#cloud/kernel/service.ts";

export type IamCall = Call<IamState>;

export type IamOperation<Name extends keyof Operations<typeof sdk, IamState>> = OperationOf<
  typeof sdk,
  IamState,
  Name
>;

export const noSuchEntity = (message: string): AwsError => new AwsError("NoSuchEntity", message, 404);

export const alreadyExists = (message: string): AwsError => new AwsError("EntityAlreadyExists", message, 409);

export const deleteConflict = (message: string): AwsError => new AwsError("DeleteConflict", message, 409);

export const limitExceeded = (message: string): AwsError => new AwsError("LimitExceeded", message, 409);

export const quotaExceeded = (quota: string, limit: number): AwsError =>
  limitExceeded(`Cannot exceed quota for ${quota}: ${limit}`);
