/** Release template `terraform`: a Terraform configuration, planned, looked at, and applied exactly as it was planned. */

import type { Described } from "#release/artifact/manifest.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { TerraformRules } from "#release/estate/terraform-rules.ts";
import { planProject } from "#release/names/deployed-names.ts";
import { artifactNames, planNamespace, readPlanNamespace } from "#release/names/names.ts";
import { appStackName } from "#release/names/stack-names.ts";
import type { Plan } from "#release/plan/plan.ts";
import { pipelinePlan } from "#release/plan/plan-build.ts";
import type { PlanRequest } from "#release/plan/plan-request.ts";
import { applicationStacks, type StackOptions } from "#release/plan/plan-stacks.ts";
import type { Unordered } from "#release/plan/plan-steps.ts";
import type { Assembly, AssemblyRequest } from "#release/stack/assembly.ts";
import { handedFiles, sourceDocument, sourceLocation } from "#release/stack/build-stack.ts";
import type { Configuration, ConfigurationRequest } from "#release/stack/configuration.ts";
import type { Evidence, ReleaseTemplate } from "#release/template/template.ts";
import type { Target } from "#release/traits/targets.ts";
import { traitsFor } from "#release/traits/traits.ts";
import { applySpec, ownFolder, planSpec } from "./buildspecs.ts";
import { configurationStack } from "./configuration-stack.ts";
import { planInput } from "./given.ts";
import { inspectFiles } from "./inspect.ts";
import { type PlanTime, planTime } from "./plan-time.ts";
import { checkRules, rulesOf } from "./rules.ts";
import { readSettings, settingsShape } from "./settings.ts";

const specs = { plan: `${ownFolder}/plan.yml`, apply: `${ownFolder}/apply.yml` };

export const terraform: ReleaseTemplate = {
  name: "terraform",
  version: "1.1.0",
  summary: "A Terraform configuration: planned in the target, approved with its plan, applied as planned.",
  rollback: { within: "minutes", by: "a plan of the earlier version, approved and applied" },
  settings: settingsShape,
  defaultSettings: { stateBucket: "${ssm:/kedge/terraform/state-bucket}" },
  entries: [
    { matches: /^main\.tf$/, rank: 2, means: "a Terraform configuration at the top", presence: true },
    {
      matches: /^terraform\/main\.tf$/,
      rank: 3,
      means: "a Terraform configuration in terraform/",
      presence: true,
    },
    { matches: /^[^/]+\.tf$/, rank: 4, means: "Terraform files at the top", presence: true },
    {
      matches: /^(infra|infrastructure|deploy|terraform)\/[^/]+\.tf$/,
      rank: 5,
      means: "Terraform files in a folder at the top",
      presence: true,
    },
  ],
  detect: ({ path }) => ({ fits: true, reason: `${path} is a file of a Terraform configuration.` }),
  reads: ({ names }) => names.filter((name) => name.endsWith(".tf")),
  describe,
  plan,
  assemble,
  configure,
};

/** Throws `ArtifactUnfit` for files that must not travel with a configuration. */
function describe({ names, path, files: texts }: Evidence): Described {
  const state = names.find((name) => /\.tfstate(\.backup)?$/.test(name));
  if (state !== undefined) {
    const seen = `${state} is a state, which may hold secrets; Kedge keeps it in the target's bucket.`;
    throw new ReleaseError("ArtifactUnfit", seen);
  }
  const cached = names.find((name) => /(^|\/)\.terraform\//.test(name));
  if (cached !== undefined)
    throw new ReleaseError("ArtifactUnfit", `${cached} belongs to the machine that ran terraform init.`);
  const json = names.find((name) => /\.(tf|tofu)\.json$|\.tofu$/.test(name));
  if (json !== undefined)
    throw new ReleaseError(
      "ArtifactUnfit",
      `${json} is not inspected; write the configuration in .tf files.`,
    );
  const directory = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : ".";
  const home = directory === "." ? "" : `${directory}/`;
  const files = names.flatMap((name): [string, string][] => {
    const inside = name.startsWith(home) ? name.slice(home.length) : "";
    const environment = /^(?:(?:environments|envs?|tfvars|vars)\/)?([^/.]+)\.tfvars(?:\.json)?$/.exec(
      inside,
    )?.[1];
    // Terraform reads that one by itself.
    return environment === undefined || environment === "terraform" ? [] : [[environment, inside]];
  });
  return { facts: { directory, varFiles: Object.fromEntries(files), ...inspectFiles(texts) } };
}

function plan(request: PlanRequest): Plan {
  const { facts, traits } = request.manifest;
  return pipelinePlan(request, (target) => {
    const settings = readSettings(traitsFor(traits, target).settings);
    const rules = rulesOf(target);
    checkRules(rules, target.environment, settings, facts["providers"] as readonly string[]);
    const time = planTime(rules, settings, facts);
    return { steps: applicationStacks(request, target, steps(request, target, rules, time)) };
  });
}

function steps({ line }: PlanRequest, target: Target, rules: TerraformRules, time: PlanTime): StackOptions {
  const { environment, account } = target;
  const prepared = artifactNames.prepared(environment);
  const output = artifactNames.plan(environment);
  const [made, read] = [planNamespace(environment), readPlanNamespace(environment)];
  const project = appStackName(target, line);
  const inputs = [prepared];
  const plans = {
    type: "build",
    name: "Plan",
    target,
    output,
    namespace: made,
    inputs,
    variables: {},
  } as const;
  const apply = (digestIn: string): Unordered => ({
    ...{ type: "build", name: "Apply", target, project },
    inputs: [prepared, output],
    buildspec: specs.apply,
    variables: { PLAN_ARTIFACT: output, PLAN_DIGEST: `#{${digestIn}.PLAN_DIGEST}` },
  });
  if (!time.before) {
    const what = `plans and applies in account ${account}. No plan was made before this approval. ${time.because}`;
    const plan: Unordered = { ...plans, project, buildspec: specs.plan };
    return { planned: { steps: [], what }, after: [plan, apply(made)] };
  }
  const reader: Unordered = {
    ...{ type: "worker", worker: "prepare", name: "ReadPlan", target, input: output, namespace: read },
    stackName: appStackName(target, line),
    parameters: { providers: rules.providers },
  };
  const what = `applies to account ${account} what was planned: #{${read}.PLAN_SUMMARY} The whole plan: #{${made}.PLAN_LOG}`;
  return {
    planned: { steps: [{ ...plans, project: planProject }, reader], what },
    after: [apply(read)],
  };
}

async function assemble({ names }: AssemblyRequest): Promise<Assembly> {
  return {
    stacks: [{ id: "", level: 0, path: "configuration.template.json", document: sourceDocument }],
    files: handedFiles(names),
    documents: { [specs.plan]: planSpec, [specs.apply]: applySpec },
  };
}

function configure(request: ConfigurationRequest): Configuration {
  const settings = readSettings(request.settings);
  const location = sourceLocation(request.stacks[0]?.document);
  const own = { ...request, settings, rules: rulesOf(request.target) };
  return {
    values: { "": {} },
    documents: { "": configurationStack({ ...own, location }) },
    files: planInput(own),
  };
}
