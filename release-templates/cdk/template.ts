/**
 * Release template `cdk`: a synthesized CDK app, stack by stack in the order of their dependencies, into accounts that
 * know nothing of the CDK.
 */

import type { Facts } from "#release/artifact/manifest.ts";
import { described, mapOf, object, optional, text } from "#release/document/shape.ts";
import { pipelinePlan } from "#release/plan/plan-build.ts";
import { applicationStacks } from "#release/plan/plan-stacks.ts";
import type { ReleaseTemplate } from "#release/template/template.ts";
import { traitsFor } from "#release/traits/traits.ts";
import { readManifest, readStacks } from "./cloud-assembly.ts";
import { deployable } from "./deployable.ts";
import type { Images } from "./rewrite-assets.ts";
import { environmentsOf, stacksFor, stacksIn } from "./stacks-for.ts";

const image = text(
  "an image by its digest, <repository>@sha256:<64 digits>",
  /^[^\s@]+@sha256:[0-9a-f]{64}$/,
);

const settings = object({
  images: optional(
    described(
      "The images of the app's image assets, by the asset's id or name.",
      mapOf(/\S/, "an asset's id or name", image),
    ),
  ),
});

export const cdk: ReleaseTemplate = {
  name: "cdk",
  version: "1.1.0",
  summary:
    "A synthesized CDK app: its stacks in the order of their dependencies, without cdk bootstrap in the targets.",
  rollback: { within: "minutes", by: "stack updates with the earlier version" },
  settings,
  entries: [
    { matches: /^cdk\.out\/manifest\.json$/, rank: 0, means: "the output of cdk synth" },
    { matches: /^manifest\.json$/, rank: 2, means: "a cloud assembly at the top" },
    {
      matches: /^[^/]+\/cdk\.out\/manifest\.json$/,
      rank: 4,
      means: "the output of cdk synth in a folder at the top",
    },
  ],
  detect: ({ path, text }) =>
    readManifest(text) === undefined
      ? {
          fits: false,
          reason: `${path} is not a manifest of a cloud assembly: it has no version and no artifacts.`,
        }
      : { fits: true, reason: `${path} is the manifest of a cloud assembly.` },
  // Nested assemblies are folders within, however deep.
  reads: ({ path, names }) => {
    const folder = path.slice(0, path.lastIndexOf("/") + 1);
    const within = names.filter((name) => name.startsWith(folder) && name.endsWith("/manifest.json"));
    return within.filter((name) => name !== path && !name.slice(folder.length).startsWith("asset."));
  },
  describe: ({ path, text, files }, { environments }) => ({
    capabilities: ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    facts: { stacks: readStacks({ path, text, files, environments }) } as Facts,
  }),
  plan: (request) =>
    pipelinePlan(request, (target) => ({
      steps: applicationStacks(request, target, { stacks: stacksFor(request.manifest, target) }),
    })),
  assemble: async (request) => {
    const { images = {} } = traitsFor(request.manifest.traits, { names: [] }).settings as {
      readonly images?: Images;
    };
    const stacks = stacksIn(request.manifest);
    const made = await Promise.all(stacks.map((stack) => deployable(request, stack, stacks, images)));
    return {
      stacks: made.map((assembled, index) => ({
        ...assembled,
        environments: environmentsOf(stacks[index], request.targets),
      })),
    };
  },
};
