/**
 * The literal names that AWS sees, each once: stacks and product code import them from here. Stacks in different accounts
 * cannot refer to each other's outputs, so the names connect them.
 */
export const roles = {
  route: "kedge-route",
  publish: "kedge-publish",
  templatePublisher: "kedge-template-publisher",
  reconcile: "kedge-reconcile",
  observe: "kedge-observe",
  package: "kedge-package",
  prepare: "kedge-prepare",
  execute: "kedge-execute",
  smoke: "kedge-smoke",
  sweep: "kedge-sweep",
  verify: "kedge-verify",
  call: "kedge-call",
  site: "kedge-site",
  pipeline: "kedge-pipeline",
  pipelineStack: "kedge-pipeline-stack",
  smokeTest: "kedge-smoke-test",
  ci: "kedge-ci",
  approver: "kedge-approver",
  operator: "kedge-operator",
  deploy: "kedge-deploy",
  cloudformation: "kedge-cloudformation",
  forwardEvents: "kedge-forward-events",
  plan: "kedge-plan",
  launch: "kedge-launch",
  provisioner: "kedge-provisioner",
} as const;

/** In the environment of a Lambda: the trust does not pin session names. */
export const freeSessionName = "free";

/** A Lambda has the name of its role. */
export const functions = {
  route: roles.route,
  publish: roles.publish,
  reconcile: roles.reconcile,
  observe: roles.observe,
  package: roles.package,
  prepare: roles.prepare,
  execute: roles.execute,
  smoke: roles.smoke,
  sweep: roles.sweep,
  verify: roles.verify,
  call: roles.call,
  site: roles.site,
} as const;

export const queues = {
  intake: "kedge-intake",
  intakeDeadLetters: "kedge-intake-dlq",
  linesDeadLetters: "kedge-lines-dlq.fifo",
  observeDeadLetters: "kedge-observe-dlq",
} as const;

/** The queues of lines to look at, by class of branch. */
export const lineQueues = {
  hotfix: "kedge-lines-hotfix.fifo",
  main: "kedge-lines-main.fifo",
  feature: "kedge-lines-feature.fifo",
} as const;

/** The names of all line queues begin with it, and no other queue's. */
export const lineQueuePrefix = "kedge-lines-";

export const rules = {
  pipelines: "kedge-pipelines",
  approvals: "kedge-approvals",
  pipelineStacks: "kedge-pipeline-stacks",
  applicationStacks: "kedge-application-stacks",
  sweep: "kedge-sweep",
  forward: "kedge-forward",
} as const;

/** Folders of the buckets, each with its trailing slash. */
export const folders = {
  results: "results/",
  /** Reviews, which approvers read before a decision. */
  reviews: "reviews/",
  /** The uploader of each version, by the id of a person. */
  uploads: "uploads/",
  /** The names of persons by their ids, and nothing else, so that a person can be erased. */
  people: "people/",
  /** The command line, which every CI may download. */
  cli: "cli/",
  estate: "estate/",
  /** Estates that people want published, until the next publication. */
  proposals: "proposals/",
  templates: "templates/",
  lambdas: "lambdas/",
  lines: "lines/",
  assets: "parts/",
  governor: "governor/",
} as const;

export const eventBus = "kedge";
/** The source of the events that Kedge itself puts on the bus. */
export const eventSource = "kedge";
/** The topic of each anchor, for people. */
export const topic = "kedge-notifications";
export const metrics = { namespace: "Kedge", stopped: "StoppedEnvironments" } as const;
export const stoppedAlarm = "kedge-environment-stopped";
export const cacheKeyAlias = "alias/kedge-cache";
/** The project that pipelines of release templates before 1.1.0 share. */
export const smokeProject = "kedge-smoke-test";
/** The log group of all smoke tests of an anchor. */
export const smokeLogs = `/aws/codebuild/${smokeProject}`;
/** The CodeBuild project of a target that plans before an approval. It has the name of its role. */
export const planProject = roles.plan;
/** Files that Prepare writes for the planning project, and files that the project hands on. */
export const planFiles = {
  directory: ".kedge/plan/directory",
  arguments: ".kedge/plan/arguments",
  variables: ".kedge/plan/variables.json",
  backend: ".kedge/plan/state.tfbackend",
  cliConfig: ".kedge/plan/terraform.rc",
  plan: "kedge.tfplan",
  lock: ".terraform.lock.hcl",
  json: "plan.json",
} as const;
/** The default build image of Terraform configurations. */
export const terraformImage = "public.ecr.aws/hashicorp/terraform:1.11.4";
export const boundary = "kedge-app-boundary";
/** Of the execution role: a role's own policies have room for 10,240 characters. */
export const containerPolicy = "kedge-app-execution";
export const serverlessPolicy = "kedge-app-serverless";

/** Of the launch role and of kedge-reconcile, for the same reason. */
export const launchPolicy = "kedge-launch-resources";
export const reconcilePolicy = "kedge-reconcile-pipelines";

/** A pipeline, the stack that holds it, and CodePipeline's folder in the cache bucket all begin with this. */
export const pipelinePrefix = "kedge-line-";
/** The prefix of an application's stacks, and so of the names that CloudFormation derives from them. */
export const applicationPrefix = "kedge-app-";
/**
 * The prefix of handlers, which the central team makes: functions, CodeBuild projects and their roles. It is
 * not the prefix of applications, because applications change and pass the resources that have theirs.
 */
export const handlerPrefix = "kedge-handler-";

/** The prefix of parameters that record the migrations applied to a target's databases. */
export const ledgers = "kedge/migrations/";

export const products = { anchor: "kedge-anchor", target: "kedge-target" } as const;

export const artifactBucket = (central: string, region: string): string =>
  `kedge-artifacts-${central}-${region}`;
export const registryBucket = (central: string, region: string): string =>
  `kedge-registry-${central}-${region}`;
export const accessLogBucket = (central: string, region: string): string =>
  `kedge-access-logs-${central}-${region}`;
export const cacheBucket = (anchor: string, region: string): string => `kedge-cache-${anchor}-${region}`;
/** One object for each version, and one for the newest. */
export const cliKeys = (version: string) =>
  ({ version: `${folders.cli}kedge-${version}.tgz`, newest: `${folders.cli}kedge.tgz` }) as const;
export const lambdaKey = (digest: string): string => `${folders.lambdas}${digest}.zip`;
