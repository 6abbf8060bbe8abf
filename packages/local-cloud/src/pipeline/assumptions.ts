/**
 * What AWS's documents leave open about CodePipeline. Each is one switch here, set to the reading that seems best;
 * the first deployment to a real account has to confirm them.
 */
type Assumptions = {
  /** The documents contradict each other: an onFailure condition acts when its rules succeed, or when one fails. */
  readonly onFailureActsWhen: "rules-succeed" | "a-rule-fails";
  /** A rollback execution ends after the stage it rolled back instead of going on. */
  readonly rollbackEndsAfterItsStage: boolean;
  /** Conditions of the stage are evaluated for rollback executions too. */
  readonly rollbackEvaluatesConditions: boolean;
  /** UpdatePipeline ends a pending approval at once (event state CANCELED); other actions in progress are let finish. */
  readonly updateEndsPendingApprovals: boolean;
  /** A CloudFormation action that finds nothing to change succeeds. */
  readonly emptyChangeSetSucceeds: boolean;
  /** A DeploymentWindow rule outside its window waits for it, up to the rule's timeout, instead of failing. */
  readonly deploymentWindowWaits: boolean;
  /** A CodePipeline invoke action ends when the other pipeline was started, not when that ended. */
  readonly invokedPipelineIsNotAwaited: boolean;
  /** How long a clientRequestToken of StartPipelineExecution names the same execution, in hours. */
  readonly requestTokenHours: number;
  /** LambdaInvoke rules report by PutJobSuccessResult and PutJobFailureResult, as invoke actions do. */
  readonly lambdaRuleReportsAsJob: boolean;
  /** A Lambda deploy action whose alias is at the target version already has nothing to do, and succeeds. */
  readonly lambdaDeployOfSameVersionSucceeds: boolean;
  /** Length to which CodePipeline cuts the pipeline's name in artifact keys. */
  readonly artifactKeyPipelineLength: number;
};

export const assumptions: Assumptions = {
  onFailureActsWhen: "rules-succeed",
  rollbackEndsAfterItsStage: true,
  rollbackEvaluatesConditions: true,
  updateEndsPendingApprovals: true,
  emptyChangeSetSucceeds: true,
  deploymentWindowWaits: true,
  invokedPipelineIsNotAwaited: true,
  requestTokenHours: 24,
  lambdaRuleReportsAsJob: true,
  lambdaDeployOfSameVersionSucceeds: true,
  artifactKeyPipelineLength: 20,
};
