/** Implements CreateProject, UpdateProject, BatchGetProjects, ListProjects and DeleteProject. */
import type { CreateProjectInput, Project, ProjectArtifacts, ProjectSource } from "@aws-sdk/client-codebuild";
import { AwsError, isAwsError } from "#cloud/kernel/aws-error.ts";
import type { Call } from "#cloud/kernel/service.ts";
import { access, accessAll, assumeServiceRole, findProject, invalid, passRole, projectArn } from "./names.ts";
import type { CodeBuildOperation } from "./operation.ts";
import { pageOf } from "./page.ts";
import type { CodeBuildState } from "./state.ts";

/** An account has at most 5,000 projects in a region (CodeBuild User Guide, "Quotas for AWS CodeBuild"). */
const PROJECTS = 5000;

const tagContext = (tags: CreateProjectInput["tags"]) =>
  tags === undefined
    ? {}
    : {
        ...Object.fromEntries(tags.map(({ key = "", value = "" }) => [`aws:RequestTag/${key}`, value])),
        "aws:TagKeys": tags.map(({ key = "" }) => key),
      };

export const createProject: CodeBuildOperation<"CreateProject"> = {
  access: ({ name = "", serviceRole = "", tags }, call) => [
    { ...access(call, "CreateProject", name), context: tagContext(tags) },
    passRole(serviceRole),
  ],
  run: async ({ badgeEnabled: _, ...input }, call) => {
    const { name = "" } = input;
    if (call.state.projects.has(name)) {
      throw new AwsError(
        "ResourceAlreadyExistsException",
        `Project already exists: ${projectArn(call, name)}`,
      );
    }
    if (call.state.projects.size >= PROJECTS) {
      throw new AwsError(
        "AccountLimitExceededException",
        `Cannot have more than ${PROJECTS} projects for the account`,
      );
    }
    const now = call.clock.now();
    const project = withDefaults(call, {
      ...input,
      name,
      arn: projectArn(call, name),
      created: now,
      lastModified: now,
    });
    await check(call, project);
    call.state.projects.set(name, project);
    return { project };
  },
};

export const updateProject: CodeBuildOperation<"UpdateProject"> = {
  access: ({ name = "", serviceRole }, call) => [
    access(call, "UpdateProject", name),
    ...(serviceRole === undefined ? [] : [passRole(serviceRole)]),
  ],
  run: async ({ badgeEnabled: _, ...input }, call) => {
    const before = findProject(call, input.name);
    const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
    const project = { ...before, ...given, name: before.name, lastModified: call.clock.now() };
    await check(call, project);
    call.state.projects.set(before.name, project);
    return { project };
  },
};

const withDefaults = (
  call: Call<CodeBuildState>,
  project: Project & { readonly name: string },
): Project & { readonly name: string } => ({
  ...project,
  timeoutInMinutes: project.timeoutInMinutes ?? 60,
  queuedTimeoutInMinutes: project.queuedTimeoutInMinutes ?? 480,
  encryptionKey: project.encryptionKey ?? `arn:aws:kms:${call.region}:${call.account}:alias/aws/s3`,
  cache: project.cache ?? { type: "NO_CACHE" },
  environment: project.environment && {
    ...project.environment,
    environmentVariables: project.environment.environmentVariables ?? [],
    privilegedMode: project.environment.privilegedMode ?? false,
    imagePullCredentialsType: project.environment.imagePullCredentialsType ?? "CODEBUILD",
  },
  secondarySources: project.secondarySources ?? [],
  secondaryArtifacts: project.secondaryArtifacts ?? [],
  badge: { badgeEnabled: false },
  tags: project.tags ?? [],
  projectVisibility: "PRIVATE",
});

async function check(
  call: Call<CodeBuildState>,
  project: Project & { readonly name: string },
): Promise<void> {
  const { source, artifacts, serviceRole = "" } = project;
  checkPipelineTypes(source, artifacts);
  if (source?.type === "NO_SOURCE" && source.buildspec === undefined) {
    throw invalid("Invalid input: buildspec is required when source type is NO_SOURCE");
  }
  if (source !== undefined && needsLocation(source) && source.location === undefined) {
    throw invalid(`Invalid input: location is required for source type ${source.type ?? ""}`);
  }
  if (artifacts?.type === "S3" && artifacts.location === undefined) {
    throw invalid("Invalid input: location is required for artifacts of type S3");
  }
  if (!/^arn:aws[\w-]*:iam::\d{12}:role\/.+/.test(serviceRole)) {
    throw invalid(`Invalid service role: Service role account ID does not match caller's account`);
  }
  try {
    await assumeServiceRole(call, call, project.name, serviceRole);
  } catch (error) {
    if (!isAwsError(error, "AccessDenied", "AccessDeniedException", "NoSuchEntity", "ValidationError"))
      throw error;
    throw invalid(`CodeBuild is not authorized to perform: sts:AssumeRole on ${serviceRole}`);
  }
}

const needsLocation = ({ type }: ProjectSource): boolean => type !== "NO_SOURCE" && type !== "CODEPIPELINE";

function checkPipelineTypes(
  source: ProjectSource | undefined,
  artifacts: ProjectArtifacts | undefined,
): void {
  if ((source?.type === "CODEPIPELINE") !== (artifacts?.type === "CODEPIPELINE")) {
    throw invalid(
      "Invalid project artifacts/source: source type CODEPIPELINE needs artifacts type CODEPIPELINE and the other way round",
    );
  }
}

export const batchGetProjects: CodeBuildOperation<"BatchGetProjects"> = {
  access: ({ names = [] }, call) => names.map((name) => access(call, "BatchGetProjects", nameOf(name))),
  run: ({ names = [] }, { state }) => ({
    projects: names.flatMap((name) => state.projects.get(nameOf(name)) ?? []),
    projectsNotFound: names.filter((name) => !state.projects.has(nameOf(name))),
  }),
};

const nameOf = (nameOrArn: string): string => nameOrArn.replace(/^arn:[^/]*:project\//, "");

export const listProjects: CodeBuildOperation<"ListProjects"> = {
  access: () => accessAll("ListProjects"),
  run: ({ sortBy = "NAME", sortOrder = "ASCENDING", nextToken }, { state }) => {
    const key = { NAME: "name", CREATED_TIME: "created", LAST_MODIFIED_TIME: "lastModified" } as const;
    const by = key[sortBy];
    const projects = [...state.projects.values()].sort((a, b) => ((a[by] ?? "") < (b[by] ?? "") ? -1 : 1));
    if (sortOrder === "DESCENDING") projects.reverse();
    const page = pageOf(
      projects.map(({ name }) => name),
      nextToken,
    );
    return { projects: page.items, ...page.next };
  },
};

export const deleteProject: CodeBuildOperation<"DeleteProject"> = {
  access: ({ name = "" }, call) => access(call, "DeleteProject", nameOf(name)),
  run: ({ name = "" }, { state }) => {
    state.projects.delete(nameOf(name));
    return {};
  },
};
