/** Builds the ARNs and access requests of projects and builds, and words the error of a missing project. */
import type { AccessRequest } from "#cloud/kernel/access.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { servicePrincipal } from "#cloud/kernel/principal.ts";
import type { Call } from "#cloud/kernel/service.ts";
import type { CodeBuildState } from "./state.ts";

export type Location = { readonly account: string; readonly region: string };

export const projectArn = ({ account, region }: Location, name: string): string =>
  `arn:aws:codebuild:${region}:${account}:project/${name}`;

export const buildArn = ({ account, region }: Location, id: string): string =>
  `arn:aws:codebuild:${region}:${account}:build/${id}`;

/** Returns `project:uuid` for an id or an ARN. */
export const buildId = (idOrArn: string): string => idOrArn.replace(/^arn:[^/]*:build\//, "");

export const projectOf = (id: string): string => buildId(id).split(":")[0] ?? "";

export function access(call: Call<CodeBuildState>, action: string, project: string): AccessRequest {
  const tags = call.state.projects.get(project)?.tags;
  return {
    action: `codebuild:${action}`,
    resource: projectArn(call, project),
    ...(tags && { tags: Object.fromEntries(tags.map(({ key = "", value = "" }) => [key, value])) }),
  };
}

/** Returns one access request for each project of the builds. */
export const accessBuilds = (
  call: Call<CodeBuildState>,
  action: string,
  ids: readonly string[] | undefined,
): readonly AccessRequest[] =>
  [...new Set((ids ?? []).map(projectOf))].map((project) => access(call, action, project));

export const accessAll = (action: string): AccessRequest => ({
  action: `codebuild:${action}`,
  resource: "*",
});

export const passRole = (role: string): AccessRequest => ({
  action: "iam:PassRole",
  resource: role,
  context: { "iam:PassedToService": "codebuild.amazonaws.com" },
});

export const invalid = (message: string): AwsError => new AwsError("InvalidInputException", message);

export function findProject(call: Call<CodeBuildState>, name: string | undefined) {
  const project = call.state.projects.get((name ?? "").replace(/^arn:[^/]*:project\//, ""));
  if (project !== undefined) return project;
  throw new AwsError("ResourceNotFoundException", `Project cannot be found: ${projectArn(call, name ?? "")}`);
}

/** Assumes the project's service role, as which CodeBuild runs the build. */
export const assumeServiceRole = (
  context: Pick<Call<CodeBuildState>, "cloud">,
  location: Location,
  project: string,
  roleArn: string,
) =>
  context.cloud.assumeRole({
    roleArn,
    sessionName: `AWSCodeBuild-${project}`.slice(0, 64),
    principal: servicePrincipal("codebuild.amazonaws.com", {
      sourceAccount: location.account,
      sourceArn: projectArn(location, project),
    }),
    region: location.region,
  });
