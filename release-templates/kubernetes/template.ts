/** Release template `kubernetes`: a Helm chart, manifests or a kustomization, brought to an EKS cluster. */

import { ReleaseError } from "#release/errors/errors.ts";
import type { Line } from "#release/names/key.ts";
import { artifactNames, outputsNamespace } from "#release/names/names.ts";
import { appStackName } from "#release/names/stack-names.ts";
import type { EksDeployAction, Plan } from "#release/plan/plan.ts";
import { pipelinePlan } from "#release/plan/plan-build.ts";
import type { PlanRequest } from "#release/plan/plan-request.ts";
import { applicationStacks } from "#release/plan/plan-stacks.ts";
import type { Steps, Unordered } from "#release/plan/plan-steps.ts";
import type { Assembly, AssemblyRequest } from "#release/stack/assembly.ts";
import { handedFiles, handedFolder, sourceDocument, sourceLocation } from "#release/stack/build-stack.ts";
import type { Configuration, ConfigurationRequest } from "#release/stack/configuration.ts";
import type { ReleaseTemplate } from "#release/template/template.ts";
import type { Target } from "#release/traits/targets.ts";
import { traitsFor } from "#release/traits/traits.ts";
import { deploySpec, verifySpec } from "./buildspecs.ts";
import { type Content, describe, detect, requireDigests } from "./content.ts";
import { checkNamespace } from "./namespace-rules.ts";
import {
  actionValues,
  contentIn,
  givenValues,
  namespaceOf,
  nested,
  releaseName,
  releaseStack,
} from "./release-stack.ts";
import { readSettings, settingsShape } from "./settings.ts";

/** Of CodePipeline, for one value of an action's configuration. */
const longestValue = 1000;

const specs = { deploy: ".kedge/deploy.yml", verify: ".kedge/verify.yml" };

export const kubernetes: ReleaseTemplate = {
  name: "kubernetes",
  version: "1.1.0",
  summary: "A Helm chart or manifests, brought to EKS, watched until they run, taken back when they do not.",
  rollback: {
    within: "minutes",
    by: "helm rollback or kubectl rollout undo when it fails, else the earlier version",
  },
  settings: settingsShape,
  entries: [
    { matches: /^Chart\.ya?ml$/, rank: 2, means: "a Helm chart at the top" },
    { matches: /^kustomization\.ya?ml$/, rank: 3, means: "a kustomization at the top", presence: true },
    {
      // Below charts/ a chart may also have those it depends on; at its own top it was found before.
      matches: /^(?:(?:chart|charts|helm|deploy)\/){1,2}(?:[^/]+\/)?Chart\.ya?ml$/,
      rank: 4,
      means: "a Helm chart in a folder",
    },
    {
      matches:
        /^(k8s|kubernetes|kustomize|manifests|deploy)\/(base\/|overlays\/[^/]+\/)?kustomization\.ya?ml$/,
      rank: 4,
      means: "a kustomization in a folder",
      presence: true,
    },
    {
      matches: /^(base|overlays\/[^/]+)\/kustomization\.ya?ml$/,
      rank: 4,
      means: "a kustomization",
      presence: true,
    },
    {
      matches: /^(k8s|kubernetes|manifests)\/deployment\.ya?ml$/,
      rank: 5,
      means: "the manifest of a deployment in a folder",
    },
    { matches: /^deployment\.ya?ml$/, rank: 5, means: "the manifest of a deployment at the top" },
  ],
  detect,
  describe,
  plan,
  assemble,
  configure,
};

function plan(request: PlanRequest): Plan {
  return pipelinePlan(request, (target) => ({
    steps: applicationStacks(request, target, { after: deployed(request, target) }),
  }));
}

function deployed(request: PlanRequest, target: Target): Steps {
  const { manifest, line } = request;
  const content = contentIn(manifest.facts);
  const settings = readSettings(traitsFor(manifest.traits, target).settings);
  checkNamespace(settings, target, line);
  const build = (name: string, buildspec: string): Unordered => ({
    type: "build",
    name,
    target,
    project: appStackName(target, line),
    inputs: [artifactNames.prepared(target.environment)],
    buildspec,
    variables: {},
  });
  const deploys = forTheAction(content, line, target);
  if (settings.with === "build" || deploys === undefined) return [build("Deploy", specs.deploy)];
  const action: Unordered = {
    type: "eks-deploy",
    name: "Deploy",
    target,
    cluster: `#{${outputsNamespace(target.environment)}.Cluster}`,
    namespace: namespaceOf(settings, target),
    input: artifactNames.prepared(target.environment),
    deploys,
  };
  return [action, build("Verify", specs.verify)];
}

/**
 * Returns undefined for input that the action does not support: kustomizations, and more paths than a
 * configuration value can hold.
 */
function forTheAction(content: Content, line: Line, target: Target): EksDeployAction["deploys"] | undefined {
  if (content.kind === "helm") {
    const chart = (handedFolder + content.chart).replace(/\/\.$/, "");
    return { kind: "helm", release: releaseName(line), chart, values: actionValues(content, target) };
  }
  if (content.kind === "kustomize") return undefined;
  const files = content.files.map((file) => handedFolder + file);
  return files.join().length > longestValue ? undefined : { kind: "manifests", files };
}

async function assemble({ names, manifest, targets, text }: AssemblyRequest): Promise<Assembly> {
  const content = contentIn(manifest.facts);
  const strict = targets.some(
    (target) => target.protected || readSettings(traitsFor(manifest.traits, target).settings).digests,
  );
  if (strict && content.kind === "manifests") await requireDigests(content.files, text);
  return {
    stacks: [{ id: "", level: 0, path: "release.template.json", document: sourceDocument }],
    files: handedFiles(names),
    documents: { [specs.deploy]: deploySpec(content.kind), [specs.verify]: verifySpec(content.kind) },
  };
}

function configure(request: ConfigurationRequest): Configuration {
  const { parameters, release, stacks, target, assetVersions } = request;
  const settings = readSettings(request.settings);
  const given = Object.keys(parameters.values);
  if (contentIn(release.manifest.facts).kind !== "helm" && given.length > 0) {
    const seen = `For ${target.environment} there are values for ${given.join(", ")}; manifests take none. Charts do.`;
    throw new ReleaseError("ParametersUnknown", seen);
  }
  return {
    values: { "": {} },
    documents: {
      "": releaseStack({
        ...{ release, target, settings, ...(assetVersions && { assetVersions }) },
        location: sourceLocation(stacks[0]?.document),
      }),
    },
    // JSON is YAML as well.
    files: { [givenValues]: JSON.stringify(nested(parameters.values)) },
  };
}
