/** Release template `ecs-service`: a Fargate service of one image, its task definition made from settings. */

import { isObject, type TemplateDocument } from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { Plan } from "#release/plan/plan.ts";
import { pipelinePlan } from "#release/plan/plan-build.ts";
import type { PlanRequest } from "#release/plan/plan-request.ts";
import { applicationStacks } from "#release/plan/plan-stacks.ts";
import type { Assembly, AssemblyRequest } from "#release/stack/assembly.ts";
import type { Configuration, ConfigurationRequest } from "#release/stack/configuration.ts";
import type { ReleaseTemplate } from "#release/template/template.ts";
import { type Strategy, traitsFor } from "#release/traits/traits.ts";
import { canaryStack } from "./canary-stack.ts";
import { canaryActions, canaryValues } from "./canary-steps.ts";
import { type Image, readImage } from "./image.ts";
import { serviceStack } from "./service-stack.ts";
import { readSettings, type Settings, settingsShape } from "./settings.ts";

export const ecsService: ReleaseTemplate = {
  name: "ecs-service",
  version: "1.1.0",
  summary: "A Fargate service from an image's digest: rolling, blue-green, or a canary in steps.",
  rollback: { within: "minutes", by: "a stack update; a canary and a blue side are turned back in seconds" },
  settings: settingsShape,
  entries: [
    {
      matches: /^imagedefinitions\.json$/,
      rank: 2,
      means: "image definitions as CodePipeline's ECS action has them",
    },
    { matches: /^imageDetail\.json$/, rank: 2, means: "the image detail of an ECR source" },
    { matches: /^image\.json$/, rank: 3, means: "an image.json at the top" },
  ],
  detect: ({ path }) => ({ fits: true, reason: `${path} names a container image.` }),
  describe: ({ text, path }) => {
    readImage(text, path); // an image without a digest is rejected before the release starts
    return {};
  },
  plan,
  assemble,
  configure,
};

const strategyOf = (strategy: Strategy | undefined): Strategy => strategy ?? { type: "rolling" };

function plan(request: PlanRequest): Plan {
  return pipelinePlan(request, (target) => {
    const traits = traitsFor(request.manifest.traits, target);
    const strategy = strategyOf(traits.strategy);
    checkStrategy(readSettings(traits.settings), strategy);
    if (strategy.type !== "canary") return { steps: applicationStacks(request, target) };
    const after = canaryActions(request, target, strategy);
    return { steps: applicationStacks(request, target, { after, variables: true }) };
  });
}

const known = ["rolling", "all-at-once", "blue-green", "canary"];

/** `all-at-once` is the default behaviour of a service: ECS replaces its tasks one after the other. */
function checkStrategy({ listener }: Settings, { type }: Strategy): void {
  if (!known.includes(type)) throw rejected(`It is ${type}; a service moves rolling, blue-green or canary.`);
  if (listener === undefined && (type === "blue-green" || type === "canary"))
    throw rejected(
      `It is ${type}, which shares calls between two sides: that needs a listener in the settings.`,
    );
}

const rejected = (seen: string): ReleaseError =>
  new ReleaseError("StrategyUnsupported", `The strategy cannot move a service. ${seen}`);

/**
 * The manifest holds the image only. All other values depend on the environment, so `configure` adds them.
 */
async function assemble({ manifest, text }: AssemblyRequest): Promise<Assembly> {
  const image = readImage(await text(manifest.entry, "The service's image"), manifest.entry);
  const document = {
    Metadata: { image },
    Resources: { Wait: { Type: "AWS::CloudFormation::WaitConditionHandle" } },
  };
  return { stacks: [{ id: "", level: 0, path: manifest.entry, document }] };
}

function configure(request: ConfigurationRequest): Configuration {
  const { release, target, settings: resolved, stacks, outputs } = request;
  const settings = readSettings(resolved);
  const image = imageIn(stacks[0]?.document ?? {});
  const container = settings.container ?? image.container ?? "app";
  const strategy = strategyOf(traitsFor(release.manifest.traits, target).strategy);
  if (strategy.type !== "canary") {
    const document = serviceStack({ settings, container, image: image.uri, strategy });
    return { values: { "": {} }, documents: { "": document } };
  }
  const stable = outputs[""]?.["StableImage"] ?? outputs[""]?.["Image"];
  return {
    ...canaryValues({ strategy, image: image.uri, stable, count: settings.count ?? 2 }),
    documents: { "": canaryStack({ settings, container }) },
  };
}

function imageIn(document: TemplateDocument): Image {
  const { image } = isObject(document["Metadata"]) ? document["Metadata"] : {};
  const { uri = "", container } = isObject(image) ? image : {};
  return { uri: String(uri), ...(typeof container === "string" && { container }) };
}
