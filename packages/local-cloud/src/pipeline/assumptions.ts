/**
 * Lists the points that AWS's documents leave open about CodePipeline. Each point is a switch, set to the
 * reading that seems best. The first deployment to a real account has to confirm them.
 */
type Assumptions = {
  /**
   * AWS's documents contradict each other: an onFailure condition acts when its rules succeed, or when a
   * rule fails.
   */
  readonly onFailureActsWhen: "rules-succeed" | "a-rule-fails";
  /** A rollback execution ends after the stage that it rolled back. */
  readonly rollbackEndsAfterItsStage: boolean;
  /** A rollback execution, too, evaluates the conditions of the stage. */
  readonly rollbackEvaluatesConditions: boolean;
  /**
   * UpdatePipeline ends a pending approval at once (event state CANCELED). Other actions in progress run to
   * their end.
   */
  readonly updateEndsPendingApprovals: boolean;
  /** A CloudFormation action that finds no changes succeeds. */
  readonly emptyChangeSetSucceeds: boolean;
  /**
   * A DeploymentWindow rule outside its window waits for it, up to the rule's timeout, instead of failing.
   */
  readonly deploymentWindowWaits: boolean;
  /** A CodePipeline invoke action ends when the other pipeline has started, not when it has ended. */
  readonly invokedPipelineIsNotAwaited: boolean;
  /** How long, in hours, a clientRequestToken of StartPipelineExecution names the same execution. */
  readonly requestTokenHours: number;
  /** LambdaInvoke rules report through PutJobSuccessResult and PutJobFailureResult, as invoke actions do. */
  readonly lambdaRuleReportsAsJob: boolean;
  /** A Lambda deploy action whose alias is already at the target version succeeds without a change. */
  readonly lambdaDeployOfSameVersionSucceeds: boolean;
  /** The length to which CodePipeline cuts the pipeline's name in artifact keys. */
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
