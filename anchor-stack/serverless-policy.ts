/**
 * Defines a managed policy with the last serverless services of CloudFormation's rights in a target account. An inline
 * policy near its limit of 10,240 characters has no room for the next service.
 */
import type { Construct } from "constructs";
import { managedPolicy } from "#constructs/statements.ts";
import { serverlessPolicy } from "#release/names/deployed-names.ts";
import { serverlessGrants } from "./serverless-services.ts";

const inline = 11;
/** The services that the role's own policy names. */
export const inlineServerlessGrants = serverlessGrants.slice(0, inline);

/** Answers the policy's ARN. */
export const serverlessServices = (scope: Construct): string =>
  managedPolicy(scope, "ServerlessServices", {
    name: serverlessPolicy,
    description: "What CloudFormation may create for serverless services, beside what its role says itself",
    grants: serverlessGrants.slice(inline),
  });
