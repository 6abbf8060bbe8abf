/** Defines a pipeline's declaration as CodePipeline stores it: complete, with AWS's defaults. */

export type ExecutionMode = "SUPERSEDED" | "QUEUED" | "PARALLEL";

export type ActionTypeId = {
  readonly category: "Source" | "Build" | "Deploy" | "Test" | "Invoke" | "Approval" | "Compute";
  readonly owner: "AWS" | "ThirdParty" | "Custom";
  readonly provider: string;
  readonly version: string;
};

export type Action = {
  readonly name: string;
  readonly actionTypeId: ActionTypeId;
  readonly runOrder: number;
  readonly configuration: Readonly<Record<string, string>>;
  readonly commands?: readonly string[];
  readonly environmentVariables?: readonly EnvironmentVariable[];
  readonly outputVariables?: readonly string[];
  readonly inputArtifacts: readonly { readonly name: string }[];
  readonly outputArtifacts: readonly { readonly name: string; readonly files?: readonly string[] }[];
  readonly roleArn?: string;
  readonly region?: string;
  readonly namespace?: string;
  readonly timeoutInMinutes?: number;
};

export type EnvironmentVariable = {
  readonly name: string;
  readonly value: string;
  readonly type?: "PLAINTEXT" | "SECRETS_MANAGER";
};

export type Rule = {
  readonly name: string;
  readonly ruleTypeId: {
    readonly category: "Rule";
    readonly owner: "AWS";
    readonly provider: string;
    readonly version: string;
  };
  readonly configuration: Readonly<Record<string, string>>;
  readonly commands?: readonly string[];
  readonly inputArtifacts: readonly { readonly name: string }[];
  readonly roleArn?: string;
  readonly region?: string;
  readonly timeoutInMinutes?: number;
};

export type Condition = {
  readonly result?: "ROLLBACK" | "FAIL" | "RETRY" | "SKIP";
  readonly rules: readonly Rule[];
};

export type Stage = {
  readonly name: string;
  readonly blockers?: readonly { readonly name: string; readonly type: "Schedule" }[];
  readonly actions: readonly Action[];
  readonly beforeEntry?: { readonly conditions: readonly Condition[] };
  readonly onSuccess?: { readonly conditions: readonly Condition[] };
  readonly onFailure?: {
    readonly result?: "ROLLBACK" | "FAIL" | "RETRY" | "SKIP";
    readonly retryConfiguration?: { readonly retryMode?: "FAILED_ACTIONS" | "ALL_ACTIONS" };
    readonly conditions?: readonly Condition[];
  };
};

export type ArtifactStore = {
  readonly type: "S3";
  readonly location: string;
  readonly encryptionKey?: { readonly id: string; readonly type: "KMS" };
};

type Variable = {
  readonly name: string;
  readonly defaultValue?: string;
  readonly description?: string;
};

export type Declaration = {
  readonly name: string;
  readonly roleArn: string;
  readonly artifactStore?: ArtifactStore;
  readonly artifactStores?: Readonly<Record<string, ArtifactStore>>;
  readonly stages: readonly Stage[];
  readonly version: number;
  readonly executionMode: ExecutionMode;
  readonly pipelineType: "V1" | "V2";
  readonly variables?: readonly Variable[];
  readonly triggers?: readonly { readonly gitConfiguration: { readonly sourceActionName: string } }[];
};

/** The hooks of a stage that may have conditions. */
export type Hook = "beforeEntry" | "onSuccess" | "onFailure";

export const hooks: readonly Hook[] = ["beforeEntry", "onSuccess", "onFailure"];

/** AWS allows exactly one condition per hook. */
export const conditionOf = (stage: Stage, hook: Hook): Condition | undefined => stage[hook]?.conditions?.[0];

/** Returns the artifact store of a region. A single store serves the pipeline's own region. */
export const storeOf = (declaration: Declaration, region: string): ArtifactStore | undefined =>
  declaration.artifactStores?.[region] ?? declaration.artifactStore;
