/** Errors of the SAM transform, in its words. A template gets all its problems in one error. */

import { validationError } from "#cloud/cloudformation/template-error.ts";
import type { AwsError } from "#cloud/kernel/aws-error.ts";

/** A problem of one resource. */
export class SamProblem extends Error {
  override name = "SamProblem";
}

export const resourceProblem = (id: string, why: string): SamProblem =>
  new SamProblem(`Resource with id [${id}] is invalid. ${why}`);

export const eventProblem = (id: string, event: string, why: string): SamProblem =>
  new SamProblem(`Resource with id [${id}] is invalid. Event with id [${event}] is invalid. ${why}`);

export const samFailure = (problems: readonly string[]): AwsError =>
  validationError(
    `Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless Application Specification document. Number of errors found: ${problems.length}. ${problems.join(" ")}`,
  );
