/** Release template `terraform`: a Terraform configuration, planned, looked at, and applied exactly as it was planned. */

import type { Described } from "#release/artifact/manifest.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { artifactNames } from "#release/names/names.ts";
import type { Plan } from "#release/plan/plan.ts";
import { pipelinePlan } from "#release/plan/plan-build.ts";
import type { PlanRequest } from "#release/plan/plan-request.ts";
import { applicationStacks, approve } from "#release/plan/plan-stacks.ts";
import type { Steps, Unordered } from "#release/plan/plan-steps.ts";
import type { Assembly, AssemblyRequest } from "#release/stack/assembly.ts";
import { handedFiles, projectName, sourceDocument, sourceLocation } from "#release/stack/build-stack.ts";
import type { Configuration, ConfigurationRequest } from "#release/stack/configuration.ts";
import type { Evidence, ReleaseTemplate } from "#release/template/template.ts";
import type { Target } from "#release/traits/targets.ts";
import { applySpec, ownFolder, planSpec } from "./buildspecs.ts";
import { configurationStack } from "./configuration-stack.ts";
import { readSettings, settingsShape } from "./settings.ts";

const specs = { plan: `${ownFolder}/plan.yml`, apply: `${ownFolder}/apply.yml` };

export const terraform: ReleaseTemplate = {
  name: "terraform",
  version: "1.1.0",
  summary: "A Terraform configuration: planned in the target, approved with its plan, applied as planned.",
  rollback: { within: "minutes", by: "a plan of the earlier version, approved and applied" },
  settings: settingsShape,
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
  describe,
  plan,
  assemble,
  configure,
};

/** Throws `ArtifactUnfit` for files that must not travel with a configuration. */
function describe({ names, path }: Evidence): Described {
  const state = names.find((name) => /\.tfstate(\.backup)?$/.test(name));
  if (state !== undefined) {
    const seen = `${state} is a state, which may hold secrets; Kedge keeps it in the target's bucket.`;
    throw new ReleaseError("ArtifactUnfit", seen);
  }
  const cached = names.find((name) => /(^|\/)\.terraform\//.test(name));
  if (cached !== undefined)
    throw new ReleaseError("ArtifactUnfit", `${cached} belongs to the machine that ran terraform init.`);
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
  return { facts: { directory, varFiles: Object.fromEntries(files) } };
}

function plan(request: PlanRequest): Plan {
  return pipelinePlan(request, (target) => ({
    steps: applicationStacks(request, target, { approval: "later", after: planned(request, target) }),
  }));
}

function planned({ line }: PlanRequest, target: Target): Steps {
  const { environment } = target;
  const project = projectName(environment, line);
  const prepared = artifactNames.prepared(environment);
  const output = artifactNames.plan(environment);
  const namespace = `${environment}-plan`;
  const make: Unordered = {
    ...{ type: "build", name: "Plan", target, project, output, namespace },
    inputs: [prepared],
    buildspec: specs.plan,
    variables: {},
  };
  const apply: Unordered = {
    ...{ type: "build", name: "Apply", target, project },
    inputs: [prepared, output],
    buildspec: specs.apply,
    variables: { PLAN_ARTIFACT: output, PLAN_DIGEST: `#{${namespace}.PLAN_DIGEST}` },
  };
  const what = `applies to account ${target.account} what was planned: #{${namespace}.PLAN_SUMMARY} The whole plan: #{${namespace}.PLAN_LOG}`;
  return [make, ...approve(target, what), apply];
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
  return { values: { "": {} }, documents: { "": configurationStack({ ...request, settings, location }) } };
}
