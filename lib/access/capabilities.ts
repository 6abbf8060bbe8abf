/**
 * Lists the capabilities that an attacker would want, with the roles that hold each by design. The check
 * reports every other holder, direct or by steps. Add a new role that must hold a capability here, where a
 * reviewer sees it.
 */
import { roles } from "#release/names/deployed-names.ts";
import type { Probe } from "./relation.ts";

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
    why: "the object at the key is what shall run; nobody but a CI says so",
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
    at: ["a result", "nobody's result"],
    holders: [reconcile, route],
    why: "a CI trusts what its result says",
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
    why: "the gate of production",
  },
  {
    name: "wake a line",
    actions: ["sqs:SendMessage"],
    at: ["LinesHotfix", "LinesMain", "LinesFeature"],
    holders: [route, observe, reconcile, operator],
    why: "a message only makes reconcile look at a line; it cannot say what to do",
  },
  {
    name: "change what makes pipelines",
    actions: changes.filter((action) => !action.endsWith("DeleteStack")),
    at: ["a pipeline's stack"],
    holders: [reconcile],
    why: "a pipeline decides which gates a release passes",
  },
  {
    name: "change a pipeline",
    actions: ["CreatePipeline", "UpdatePipeline"].map((name) => `codepipeline:${name}`),
    at: ["a pipeline"],
    holders: [pipelineStack],
    why: "the same, past its stack",
  },
  {
    name: "remove a pipeline",
    actions: ["codepipeline:DeletePipeline"],
    at: ["a pipeline"],
    holders: [pipelineStack, sweep],
    why: "a line without its pipeline is not released; the sweep removes those without a line",
  },
  {
    name: "remove what makes a pipeline",
    actions: ["cloudformation:DeleteStack"],
    at: ["a pipeline's stack"],
    holders: [reconcile, sweep],
    why: "the same, by its stack",
  },
  {
    name: "sweep an anchor",
    actions: ["lambda:InvokeFunction"],
    at: ["Sweep"],
    holders: [operator],
    why: "told to mend, it removes what no line owns",
  },
  {
    name: "start or stop an execution",
    actions: ["StartPipelineExecution", "StopPipelineExecution"].map((name) => `codepipeline:${name}`),
    at: ["a pipeline"],
    holders: [reconcile],
    why: "which version is released, and when",
  },
  {
    name: "open or close a stage",
    actions: ["EnableStageTransition", "DisableStageTransition"].map((name) => `codepipeline:${name}`),
    at: ["a pipeline's stage"],
    holders: [reconcile],
    why: "a closed stage holds back releases",
  },
  {
    name: "write what pipelines read",
    actions: ["s3:PutObject"],
    at: ["a line's folder", "a part", "a pipeline's artifact", "a smoke test's input"],
    holders: [reconcile, packages, prepare, execute, smoke, pipeline],
    why: "what was approved would no longer be what is deployed",
  },
  {
    name: "invoke an action of a pipeline",
    actions: ["lambda:InvokeFunction"],
    at: ["Package", "Prepare", "Execute", "Smoke", "Verify", "Call", "Site"],
    holders: [pipeline],
    why: "a made-up job would have the Lambda write what the next action deploys",
  },
  {
    name: "act in a target account",
    actions: ["sts:AssumeRole"],
    at: ["DeployRole"],
    holders: [pipeline, prepare, execute, smoke, reconcile, sweep, verify, roles.call, roles.site],
    why: "the deploy role changes the applications of its account",
  },
  {
    name: "change an application past its pipeline",
    actions: changes,
    at: ["an application's stack"],
    holders: [deploy, execution],
    why: "what is in production went through the gates before",
  },
  {
    name: "publish code or the estate",
    actions: ["s3:PutObject"],
    at: ["the estate", "a Lambda's code"],
    holders: [],
    why: "the central account's own people do, as kedge publish",
  },
  {
    name: "publish a release template",
    actions: ["s3:PutObject"],
    at: ["a release template"],
    holders: [roles.templatePublisher],
    why: "a release template decides what every pipeline does",
  },
  {
    name: "write a build's plan",
    actions: ["s3:PutObject"],
    at: ["a build's plan"],
    holders: [packages, prepare, smoke, pipeline, anApplication],
    why: "builds of applications hand their plan on, under a name only CodePipeline knows; its digest is checked before it is applied",
  },
  {
    name: "run a build in a target",
    actions: ["codebuild:StartBuild"],
    at: ["an application's build"],
    holders: [deploy],
    why: "a build that deploys runs with an application's rights",
  },
  {
    name: "move traffic",
    actions: ["lambda:UpdateAlias"],
    at: ["an application's function"],
    holders: [deploy, execution],
    why: "an alias says which version serves",
  },
  {
    name: "launch a product",
    actions: ["servicecatalog:ProvisionProduct", "servicecatalog:UpdateProvisionedProduct"],
    at: ["a product", "all of servicecatalog"],
    holders: [roles.provisioner],
    why: "an anchor's template makes its roles",
  },
  {
    name: "change a product's stack",
    actions: changes,
    at: ["a product's stack"],
    holders: [launch],
    why: "the same, past Service Catalog",
  },
];

/** The capability that gives the right to make the call. */
export const capabilityOf = ({ action, resource, variant }: Probe): Capability | undefined =>
  variant.secure === false
    ? undefined
    : capabilities.find(({ actions, at }) => at.includes(resource.kind) && actions.includes(action));
