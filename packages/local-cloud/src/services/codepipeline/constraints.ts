/**
 * Lists the constraints of CodePipeline's service model (botocore 1.43, 2015-07-09) by structure and member.
 */
import type { Constraints } from "#cloud/service-models/constraint-table.ts";

const uuid = { pattern: "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}" };
const entityName = { min: 1, max: 100, pattern: "[A-Za-z0-9.@\\-_]+" };
const category = { enum: ["Source", "Build", "Deploy", "Test", "Invoke", "Approval", "Compute"] };
const provider = { min: 1, max: 35, pattern: "[0-9A-Za-z_-]+" };
const typeVersion = { min: 1, max: 9, pattern: "[0-9A-Za-z_-]+" };
const role = { max: 1024, pattern: "arn:aws(-[\\w]+)*:iam::[0-9]{12}:role/.*" };
const resourceArn = { pattern: "arn:aws(-[\\w]+)*:codepipeline:.+:[0-9]{12}:.+" };

export const constraints: Constraints = {
  AcknowledgeJobInput: { jobId: uuid, nonce: { min: 1, max: 50 } },
  ActionConfigurationProperty: {
    name: { min: 1, max: 50 },
    description: { min: 1, max: 160 },
    type: { enum: ["String", "Number", "Boolean"] },
  },
  ActionDeclaration: {
    name: entityName,
    runOrder: { min: 1, max: 999 },
    configuration: { key: { min: 1, max: 50 }, value: { min: 1, max: 1000 } },
    commands: { min: 1, max: 50, member: { min: 1, max: 1000 } },
    outputVariables: { min: 1, max: 15, member: { min: 1, max: 128 } },
    roleArn: role,
    region: { min: 4, max: 30 },
    namespace: { min: 1, max: 100, pattern: "[A-Za-z0-9@\\-_]+" },
    timeoutInMinutes: { min: 5, max: 86400 },
    environmentVariables: { min: 1, max: 10 },
  },
  ActionExecutionFilter: { pipelineExecutionId: uuid },
  ActionRevision: { revisionId: { min: 1, max: 1500 }, revisionChangeId: { min: 1, max: 100 } },
  ActionTypeId: {
    category,
    owner: { enum: ["AWS", "ThirdParty", "Custom"] },
    provider,
    version: typeVersion,
  },
  ActionTypeSettings: {
    thirdPartyConfigurationUrl: { min: 1, max: 2048 },
    entityUrlTemplate: { min: 1, max: 2048 },
    executionUrlTemplate: { min: 1, max: 2048 },
    revisionUrlTemplate: { min: 1, max: 2048 },
  },
  ApprovalResult: { summary: { min: 0, max: 512 }, status: { enum: ["Approved", "Rejected"] } },
  ArtifactDetails: { minimumCount: { min: 0, max: 5 }, maximumCount: { min: 0, max: 5 } },
  ArtifactStore: { type: { enum: ["S3"] }, location: { min: 3, max: 63, pattern: "[a-zA-Z0-9\\-\\.]+" } },
  BeforeEntryConditions: { conditions: { min: 1, max: 1 } },
  BlockerDeclaration: { name: { min: 1, max: 100 }, type: { enum: ["Schedule"] } },
  Condition: { result: { enum: ["ROLLBACK", "FAIL", "RETRY", "SKIP"] }, rules: { min: 1, max: 5 } },
  CreateCustomActionTypeInput: {
    category,
    provider,
    version: typeVersion,
    configurationProperties: { max: 10 },
  },
  CurrentRevision: {
    revision: { min: 1, max: 1500 },
    changeIdentifier: { min: 1, max: 100 },
    revisionSummary: { min: 1, max: 2048 },
  },
  DeleteCustomActionTypeInput: { category, provider, version: typeVersion },
  DeletePipelineInput: { name: entityName },
  DisableStageTransitionInput: {
    pipelineName: entityName,
    stageName: entityName,
    transitionType: { enum: ["Inbound", "Outbound"] },
    reason: { min: 1, max: 300, pattern: "[a-zA-Z0-9!@ \\(\\)\\.\\*\\?\\-]+" },
  },
  EnableStageTransitionInput: {
    pipelineName: entityName,
    stageName: entityName,
    transitionType: { enum: ["Inbound", "Outbound"] },
  },
  EncryptionKey: { id: { min: 1, max: 400 }, type: { enum: ["KMS"] } },
  EnvironmentVariable: {
    name: { min: 1, max: 128, pattern: "[A-Za-z0-9_]+" },
    value: { min: 1, max: 2000 },
    type: { enum: ["PLAINTEXT", "SECRETS_MANAGER"] },
  },
  ExecutionDetails: {
    summary: { min: 1, max: 2048 },
    externalExecutionId: { min: 1, max: 1500 },
    percentComplete: { min: 0, max: 100 },
  },
  FailureConditions: {
    result: { enum: ["ROLLBACK", "FAIL", "RETRY", "SKIP"] },
    conditions: { min: 1, max: 1 },
  },
  FailureDetails: {
    type: {
      enum: [
        "JobFailed",
        "ConfigurationError",
        "PermissionError",
        "RevisionOutOfSync",
        "RevisionUnavailable",
        "SystemUnavailable",
      ],
    },
    message: { min: 1, max: 5000 },
    externalExecutionId: { min: 1, max: 1500 },
  },
  GetJobDetailsInput: { jobId: uuid },
  GetPipelineExecutionInput: { pipelineName: entityName, pipelineExecutionId: uuid },
  GetPipelineInput: { name: entityName, version: { min: 1 } },
  GetPipelineStateInput: { name: entityName },
  GitBranchFilterCriteria: {
    includes: { min: 1, max: 8, member: { min: 1, max: 255 } },
    excludes: { min: 1, max: 8, member: { min: 1, max: 255 } },
  },
  GitConfiguration: {
    sourceActionName: entityName,
    push: { min: 1, max: 3 },
    pullRequest: { min: 1, max: 3 },
  },
  GitFilePathFilterCriteria: {
    includes: { min: 1, max: 8, member: { min: 1, max: 255 } },
    excludes: { min: 1, max: 8, member: { min: 1, max: 255 } },
  },
  GitPullRequestFilter: { events: { min: 1, max: 3, member: { enum: ["OPEN", "UPDATED", "CLOSED"] } } },
  GitTagFilterCriteria: {
    includes: { min: 1, max: 8, member: { min: 1, max: 255 } },
    excludes: { min: 1, max: 8, member: { min: 1, max: 255 } },
  },
  InputArtifact: { name: { min: 1, max: 100, pattern: "[a-zA-Z0-9_\\-]+" } },
  LatestInPipelineExecutionFilter: { pipelineExecutionId: uuid, startTimeRange: { enum: ["Latest", "All"] } },
  ListActionExecutionsInput: {
    pipelineName: entityName,
    maxResults: { min: 1, max: 100 },
    nextToken: { min: 1, max: 2048 },
  },
  ListActionTypesInput: {
    actionOwnerFilter: { enum: ["AWS", "ThirdParty", "Custom"] },
    nextToken: { min: 1, max: 2048 },
    regionFilter: { min: 4, max: 30 },
  },
  ListDeployActionExecutionTargetsInput: {
    pipelineName: entityName,
    maxResults: { min: 1, max: 100 },
    nextToken: { min: 1, max: 2048 },
  },
  ListPipelineExecutionsInput: {
    pipelineName: entityName,
    maxResults: { min: 1, max: 100 },
    nextToken: { min: 1, max: 2048 },
  },
  ListPipelinesInput: { nextToken: { min: 1, max: 2048 }, maxResults: { min: 1, max: 1000 } },
  ListRuleExecutionsInput: {
    pipelineName: entityName,
    maxResults: { min: 1, max: 100 },
    nextToken: { min: 1, max: 2048 },
  },
  ListRuleTypesInput: { ruleOwnerFilter: { enum: ["AWS"] }, regionFilter: { min: 4, max: 30 } },
  ListTagsForResourceInput: {
    resourceArn,
    nextToken: { min: 1, max: 2048 },
    maxResults: { min: 1, max: 100 },
  },
  OutputArtifact: {
    name: { min: 1, max: 100, pattern: "[a-zA-Z0-9_\\-]+" },
    files: { min: 1, max: 10, member: { min: 1, max: 128 } },
  },
  OverrideStageConditionInput: {
    pipelineName: entityName,
    stageName: entityName,
    pipelineExecutionId: uuid,
    conditionType: { enum: ["BEFORE_ENTRY", "ON_SUCCESS"] },
  },
  PipelineDeclaration: {
    name: entityName,
    roleArn: role,
    artifactStores: { key: { min: 4, max: 30 } },
    version: { min: 1 },
    executionMode: { enum: ["QUEUED", "SUPERSEDED", "PARALLEL"] },
    pipelineType: { enum: ["V1", "V2"] },
    variables: { max: 50 },
    triggers: { max: 50 },
  },
  PipelineTriggerDeclaration: { providerType: { enum: ["CodeStarSourceConnection"] } },
  PipelineVariable: {
    name: { min: 1, max: 128, pattern: "[A-Za-z0-9@\\-_]+" },
    value: { min: 1, max: 1000 },
  },
  PipelineVariableDeclaration: {
    name: { min: 1, max: 128, pattern: "[A-Za-z0-9@\\-_]+" },
    defaultValue: { min: 1, max: 1000 },
    description: { min: 0, max: 200 },
  },
  PollForJobsInput: {
    maxBatchSize: { min: 1 },
    queryParam: {
      min: 0,
      max: 1,
      key: { min: 1, max: 50 },
      value: { min: 1, max: 50, pattern: "[a-zA-Z0-9_-]+" },
    },
  },
  PutActionRevisionInput: { pipelineName: entityName, stageName: entityName, actionName: entityName },
  PutApprovalResultInput: {
    pipelineName: entityName,
    stageName: entityName,
    actionName: entityName,
    token: uuid,
  },
  PutJobFailureResultInput: { jobId: uuid },
  PutJobSuccessResultInput: {
    jobId: uuid,
    continuationToken: { min: 1, max: 2048 },
    outputVariables: { key: { pattern: "[A-Za-z0-9@\\-_]+" } },
  },
  RetryConfiguration: { retryMode: { enum: ["FAILED_ACTIONS", "ALL_ACTIONS"] } },
  RetryStageExecutionInput: {
    pipelineName: entityName,
    stageName: entityName,
    pipelineExecutionId: uuid,
    retryMode: { enum: ["FAILED_ACTIONS", "ALL_ACTIONS"] },
  },
  RollbackStageInput: { pipelineName: entityName, stageName: entityName, targetPipelineExecutionId: uuid },
  RuleDeclaration: {
    name: entityName,
    configuration: { min: 0, max: 200, key: { min: 1, max: 50 }, value: { min: 1, max: 10000 } },
    commands: { min: 1, max: 50, member: { min: 1, max: 1000 } },
    roleArn: role,
    region: { min: 4, max: 30 },
    timeoutInMinutes: { min: 5, max: 86400 },
  },
  RuleExecutionFilter: { pipelineExecutionId: uuid },
  RuleTypeId: { category: { enum: ["Rule"] }, owner: { enum: ["AWS"] }, provider, version: typeVersion },
  SourceRevisionOverride: {
    actionName: entityName,
    revisionType: { enum: ["COMMIT_ID", "IMAGE_DIGEST", "S3_OBJECT_VERSION_ID", "S3_OBJECT_KEY"] },
    revisionValue: { min: 1, max: 1500 },
  },
  StageDeclaration: { name: entityName },
  StartPipelineExecutionInput: {
    name: entityName,
    variables: { min: 1, max: 50 },
    clientRequestToken: { min: 1, max: 128, pattern: "^[a-zA-Z0-9-]+$" },
    sourceRevisions: { min: 0, max: 50 },
  },
  StopPipelineExecutionInput: { pipelineName: entityName, pipelineExecutionId: uuid, reason: { max: 200 } },
  SucceededInStageFilter: { stageName: entityName },
  SuccessConditions: { conditions: { min: 1, max: 1 } },
  Tag: { key: { min: 1, max: 128 }, value: { min: 0, max: 256 } },
  TagResourceInput: { resourceArn },
  TargetFilter: { name: { enum: ["TARGET_STATUS"] }, values: { member: { min: 1 } } },
  UntagResourceInput: { resourceArn, tagKeys: { member: { min: 1, max: 128 } } },
};
