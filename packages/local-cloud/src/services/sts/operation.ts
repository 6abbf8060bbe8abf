/**
 * Declares the types of STS's operations, makes its validation error, and reads roles and policies from IAM.
 */
import type * as sdk from "@aws-sdk/client-sts";
import type { StsState } from "#cloud/iam/sts-state.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { servicePrincipal } from "#cloud/kernel/principal.ts";
import type { Call, OperationOf, Operations } from "#cloud/kernel/service.ts";

export type StsCall = Call<StsState>;

export type StsOperation<Name extends keyof Operations<typeof sdk, StsState>> = OperationOf<
  typeof sdk,
  StsState,
  Name
>;

export const invalid = (message: string): AwsError => new AwsError("ValidationError", message);

export const violated = (member: string, value: unknown, constraint: string): AwsError =>
  invalid(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`,
  );

export function checkDuration(seconds: number, maximum: number): void {
  if (seconds < 900)
    throw violated("durationSeconds", seconds, "Member must have value greater than or equal to 900");
  if (seconds > maximum)
    throw violated("durationSeconds", seconds, `Member must have value less than or equal to ${maximum}`);
}

/** STS calls IAM as a service principal, as AWS services do. */
export const askIam = <Result>(
  call: StsCall,
  account: string,
  operation: string,
  input: object,
): Promise<Result> =>
  call.cloud.invoke<Result>({
    service: "iam",
    operation,
    input,
    principal: servicePrincipal("sts.amazonaws.com"),
    account,
    region: call.region,
  });
