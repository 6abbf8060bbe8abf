/**
 * Lists the capabilities that an attacker would want, with the roles that hold each by design. The check
 * reports every other holder, direct or by steps. Add a new role that must hold a capability here, where a
 * reviewer sees it.
 */
import { roles } from "#release/names/deployed-names.ts";

export type Capability = {
  readonly name: string;
  readonly actions: readonly string[];
  /** Kinds of resources. */
  readonly at: readonly string[];
  readonly holders: readonly string[];
  readonly why: string;
};

const { reconcile, observe, route, prepare, execute, smoke, sweep, verify, operator } = roles;
const { pipeline, pipelineStack, deploy, launch } = roles;
const packages = roles.package;
const execution = roles.cloudformation;
/** The worst role that an application's template can create; see lib/access/principals.ts. */
const anApplication = "an application's role";

const changes = "CreateStack UpdateStack DeleteStack CreateChangeSet ExecuteChangeSet"
  .split(" ")
  .map((name) => `cloudformation:${name}`);

export const capabilities: readonly Capability[] = [
  {
    name: "upload an artifact",
    actions: ["s3:PutObject"],
    at: ["an upload"],
    holders: [roles.ci],
    why: "the newest upload decides which version runs, and only a CI may upload",
  },
  {
    name: "replace the command line",
    actions: ["s3:PutObject"],
    at: ["the command line"],
    holders: [],
    why: "CIs run the command line that they download",
  },
  {
    name: "write a result",
    actions: ["s3:PutObject"],
    at: ["a result", "a result for an invalid key"],
    holders: [reconcile, route],
    why: "a CI trusts its result",
  },
  {
    name: "record an uploader",
    actions: ["s3:PutObject"],
    at: ["the record of an upload"],
    holders: [route],
    why: "an approver is compared with the uploader",
  },
  {
    name: "give an id to a person",
    actions: ["s3:PutObject"],
    at: ["a person's key", "a person's name"],
    holders: [reconcile, route],
    why: "a record names persons by their ids",
  },
  {
    name: "erase a person",
    actions: ["s3:DeleteObject"],
    at: ["a person's key", "a person's name"],
    holders: [],
    why: "a person without a name in the records cannot be held to account",
  },
  {
    name: "write a review",
    actions: ["s3:PutObject"],
    at: ["a review"],
    holders: [prepare],
    why: "an approver decides by what the review shows",
  },
  {
    name: "approve a change",
    actions: ["codepipeline:PutApprovalResult"],
    at: ["an approval"],
    holders: [roles.approver],
    why: "an approval protects production",
  },
  {
    name: "wake a line",
    actions: ["sqs:SendMessage"],
    at: ["LinesHotfix", "LinesMain", "LinesFeature"],
    holders: [route, observe, reconcile, operator],
    why: "a message only makes reconcile observe a line; it cannot choose the next step",
  },
  {
    name: "change a pipeline's stack",
    actions: changes.filter((action) => !action.endsWith("DeleteStack")),
    at: ["a pipeline's stack"],
    holders: [reconcile],
    why: "a pipeline decides which approvals a release needs",
  },
  {
    name: "change a pipeline",
    actions: ["CreatePipeline", "UpdatePipeline"].map((name) => `codepipeline:${name}`),
    at: ["a pipeline"],
    holders: [pipelineStack],
    why: "the same as a change of its stack",
  },
  {
    name: "remove a pipeline",
    actions: ["codepipeline:DeletePipeline"],
    at: ["a pipeline"],
    holders: [pipelineStack, sweep],
    why: "a line without a pipeline is not released; the sweep removes pipelines without a line",
  },
  {
    name: "remove a pipeline's stack",
    actions: ["cloudformation:DeleteStack"],
    at: ["a pipeline's stack"],
    holders: [reconcile, sweep],
    why: "it removes the pipeline",
  },
  {
    name: "sweep an anchor",
    actions: ["lambda:InvokeFunction"],
    at: ["Sweep"],
    holders: [operator],
    why: "with `--fix` the sweep removes resources that no line owns",
  },
  {
    name: "start or stop an execution",
    actions: ["StartPipelineExecution", "StopPipelineExecution"].map((name) => `codepipeline:${name}`),
    at: ["a pipeline"],
    holders: [reconcile],
    why: "it decides which version is released, and when",
  },
  {
    name: "enable or disable a stage transition",
    actions: ["EnableStageTransition", "DisableStageTransition"].map((name) => `codepipeline:${name}`),
    at: ["a pipeline's stage"],
    holders: [reconcile],
    why: "a disabled transition holds releases back",
  },
  {
    name: "override a stage's condition, repeat a stage or roll it back",
    actions: ["OverrideStageCondition", "RetryStageExecution", "RollbackStage"].map(
      (name) => `codepipeline:${name}`,
    ),
    at: ["a pipeline's stage"],
    holders: [],
    why: "it passes the window or the approval of a stage",
  },
  {
    name: "write the input of a pipeline",
    actions: ["s3:PutObject"],
    at: [
      "a line's folder",
      "an asset",
      "a source's artifact",
      "a pipeline's artifact",
      "a smoke test's input",
      "a former smoke test's input",
    ],
    holders: [reconcile, packages, prepare, execute, smoke, pipeline],
    why: "the pipeline would deploy another version than the approved one",
  },
  {
    name: "take or release an environment",
    actions: ["s3:PutObject"],
    at: ["an environment's lock"],
    holders: [reconcile, prepare, execute, operator],
    why: "the lock keeps other executions out of an environment whose change sets wait for their approval",
  },
  {
    name: "invoke an action of a pipeline",
    actions: ["lambda:InvokeFunction"],
    at: ["Package", "Prepare", "Execute", "Smoke", "Verify", "Call", "Site"],
    holders: [pipeline],
    why: "a forged job could make the Lambda write the input of the next action",
  },
  {
    name: "act in a target account",
    actions: ["sts:AssumeRole"],
    at: ["DeployRole"],
    holders: [pipeline, prepare, execute, smoke, reconcile, sweep, verify, roles.call, roles.site],
    why: "the deploy role changes the applications of its account",
  },
  {
    name: "change an application without its pipeline",
    actions: changes,
    at: ["an application's stack"],
    holders: [deploy, execution],
    why: "a change of production needs its approvals",
  },
  {
    name: "publish the estate",
    actions: ["s3:PutObject"],
    at: ["the estate"],
    holders: [roles.publish],
    why: "the estate decides which environments have gates; the Lambda counts the people who want it",
  },
  {
    name: "publish code, or propose an estate",
    actions: ["s3:PutObject"],
    at: ["a Lambda's code", "an estate's proposal", "a proposal of Identity Center"],
    holders: [],
    why: "only the central account's administrators run `kedge publish`",
  },
  {
    name: "ask for a publication",
    actions: ["lambda:InvokeFunction"],
    at: ["Publish"],
    holders: [roles.templatePublisher],
    why: "the Lambda publishes a text or a module that people have signed; a publisher signs release templates",
  },
  {
    name: "publish a release template",
    actions: ["s3:PutObject"],
    at: ["a release template"],
    holders: [roles.publish],
    why: "a release template decides the stages and actions of pipelines; the Lambda counts the people who want it",
  },
  {
    name: "sign a release template, or choose the version of lines",
    actions: ["s3:PutObject"],
    at: ["a release template's proposal", "the index of release templates"],
    holders: [roles.templatePublisher],
    why: "the index names the versions of lines; it cannot name a module that kedge-publish has not published",
  },
  {
    name: "write a build's plan",
    actions: ["s3:PutObject"],
    at: ["a build's plan"],
    holders: [packages, prepare, smoke, pipeline, roles.plan, anApplication],
    why: "a build writes its plan under a name that only CodePipeline knows; the pipeline compares the plan's digest before it applies the plan",
  },
  {
    name: "run a build in a target",
    actions: ["codebuild:StartBuild"],
    at: ["an application's build"],
    holders: [deploy],
    why: "a build that deploys runs with an application's rights",
  },
  {
    name: "run the planning project",
    actions: ["codebuild:StartBuild"],
    at: ["PlanProject"],
    holders: [deploy],
    why: "the text of an approval is made from its plan",
  },
  {
    name: "move traffic",
    actions: ["lambda:UpdateAlias"],
    at: ["an application's function"],
    holders: [deploy, execution],
    why: "an alias decides which version serves calls",
  },
  {
    name: "launch a product",
    actions: ["servicecatalog:ProvisionProduct", "servicecatalog:UpdateProvisionedProduct"],
    at: ["a product", "all of servicecatalog"],
    holders: [roles.provisioner],
    why: "an anchor's template creates the anchor's roles",
  },
  {
    name: "change a product's stack",
    actions: changes,
    at: ["a product's stack"],
    holders: [launch],
    why: "the same as a launch, without Service Catalog",
  },
];

type Call = {
  readonly action: string;
  readonly resource: { readonly kind: string };
  readonly variant: { readonly secure?: boolean };
};

/** The capability that gives the right to make the call. */
export const capabilityOf = ({ action, resource, variant }: Call): Capability | undefined =>
  variant.secure === false
    ? undefined
    : capabilities.find(({ actions, at }) => at.includes(resource.kind) && actions.includes(action));
