/**
 * Declares the providers whose services the embedded cloud does not have. A declaration is checked as for
 * any provider; the run fails and says which service is missing.
 */
import { type ActionProvider, DAY, failed, HOUR, type Job, type Outcome, properties } from "./provider.ts";

const runs =
  (service: string, file: string) =>
  (job: Job): Promise<Outcome> => {
    job.cloud.log(
      `The action provider ${job.typeId.provider} needs ${service}, which is not implemented; add packages/local-cloud/src/action-providers/${file}.ts and packages/local-cloud/src/services/${file}/service.ts`,
    );
    return Promise.resolve(
      failed(
        "ConfigurationError",
        `${service} is not available in this region of the embedded cloud, so the action ${job.name} cannot run.`,
      ),
    );
  };

type Sketch = Pick<ActionProvider, "categories" | "provider" | "inputs" | "outputs" | "properties"> & {
  readonly service: string;
  readonly file: string;
  readonly timeoutMinutes?: number;
  readonly v2?: boolean;
  readonly check?: NonNullable<ActionProvider["check"]>;
};

const absent = ({ service, file, ...sketch }: Sketch): ActionProvider => ({
  timeoutMinutes: HOUR,
  ...sketch,
  start: runs(service, file),
});

const stackSetKeys = [
  "DeploymentTargets",
  "Regions",
  "FailureTolerancePercentage",
  "MaxConcurrentPercentage",
  "RegionConcurrencyType",
  "ConcurrencyMode",
  "CallAs",
];
const images = [1, 2, 3, 4].flatMap((index) => [`Image${index}ArtifactName`, `Image${index}ContainerName`]);

export const absentProviders: readonly ActionProvider[] = [
  absent({
    categories: ["Invoke"],
    provider: "StepFunctions",
    service: "Step Functions",
    file: "stepfunctions",
    inputs: [0, 1],
    outputs: [0, 1],
    timeoutMinutes: 7 * DAY,
    properties: properties(["StateMachineArn"], ["ExecutionNamePrefix", "InputType", "Input"]),
    check: ({ InputType }) =>
      InputType === undefined || ["Literal", "FilePath"].includes(InputType)
        ? undefined
        : "InputType must be Literal or FilePath",
  }),
  absent({
    categories: ["Deploy"],
    provider: "ECS",
    service: "Amazon ECS",
    file: "ecs",
    inputs: [1, 1],
    outputs: [0, 0],
    properties: properties(["ClusterName", "ServiceName"], ["FileName", "DeploymentTimeout"]),
  }),
  absent({
    categories: ["Deploy"],
    provider: "CodeDeployToECS",
    service: "AWS CodeDeploy",
    file: "codedeploy",
    inputs: [1, 5],
    outputs: [0, 0],
    timeoutMinutes: 5 * DAY,
    properties: properties(
      ["ApplicationName", "DeploymentGroupName", "TaskDefinitionTemplateArtifact", "AppSpecTemplateArtifact"],
      ["TaskDefinitionTemplatePath", "AppSpecTemplatePath", ...images],
    ),
  }),
  absent({
    categories: ["Deploy"],
    provider: "CodeDeploy",
    service: "AWS CodeDeploy",
    file: "codedeploy",
    inputs: [1, 1],
    outputs: [0, 0],
    timeoutMinutes: 5 * DAY,
    properties: properties(["ApplicationName", "DeploymentGroupName"]),
  }),
  absent({
    categories: ["Deploy"],
    provider: "ServiceCatalog",
    service: "The ServiceCatalog action",
    file: "servicecatalog-deploy",
    inputs: [1, 1],
    outputs: [0, 0],
    properties: properties(
      ["ProductId"],
      [
        "TemplateFilePath",
        "ProductVersionName",
        "ProductType",
        "ProductVersionDescription",
        "ConfigurationFilePath",
      ],
    ),
  }),
  absent({
    categories: ["Deploy"],
    provider: "AppConfig",
    service: "AWS AppConfig",
    file: "appconfig",
    inputs: [1, 1],
    outputs: [0, 0],
    properties: properties(
      ["Application", "Environment", "ConfigurationProfile", "InputArtifactConfigurationPath"],
      ["DeploymentStrategy"],
    ),
  }),
  absent({
    categories: ["Invoke"],
    provider: "InspectorScan",
    service: "Amazon Inspector",
    file: "inspector",
    inputs: [0, 1],
    outputs: [1, 1],
    v2: true,
    properties: properties(
      ["InspectorRunMode"],
      [
        "ECRRepositoryName",
        "ImageTag",
        "CriticalThreshold",
        "HighThreshold",
        "MediumThreshold",
        "LowThreshold",
      ],
    ),
  }),
  absent({
    categories: ["Deploy"],
    provider: "CloudFormationStackSet",
    service: "CloudFormation StackSets",
    file: "cloudformation-stack-set",
    inputs: [1, 3],
    outputs: [0, 0],
    properties: properties(
      ["StackSetName", "TemplatePath"],
      [
        "Description",
        "Parameters",
        "Capabilities",
        "PermissionModel",
        "AdministrationRoleArn",
        "ExecutionRoleName",
        "OrganizationsAutoDeployment",
        ...stackSetKeys,
      ],
    ),
  }),
  absent({
    categories: ["Deploy"],
    provider: "CloudFormationStackInstances",
    service: "CloudFormation StackSets",
    file: "cloudformation-stack-set",
    inputs: [0, 2],
    outputs: [0, 0],
    properties: properties(
      ["StackSetName", "Regions"],
      ["ParameterOverrides", ...stackSetKeys.filter((key) => key !== "Regions")],
    ),
  }),
  absent({
    categories: ["Source"],
    provider: "CodeStarSourceConnection",
    service: "CodeConnections",
    file: "codeconnections",
    inputs: [0, 0],
    outputs: [1, 1],
    properties: properties(
      ["ConnectionArn", "FullRepositoryId", "BranchName"],
      ["OutputArtifactFormat", "DetectChanges"],
    ),
  }),
];
