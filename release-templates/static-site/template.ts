/** Release template `static-site`: files for browsers, in S3 behind CloudFront. */

import type { Described } from "#release/artifact/manifest.ts";
import { artifactNames } from "#release/names/names.ts";
import { appStackName } from "#release/names/stack-names.ts";
import type { Plan } from "#release/plan/plan.ts";
import { pipelinePlan } from "#release/plan/plan-build.ts";
import type { PlanRequest } from "#release/plan/plan-request.ts";
import { applicationStacks } from "#release/plan/plan-stacks.ts";
import type { Unordered } from "#release/plan/plan-steps.ts";
import type { Assembly } from "#release/stack/assembly.ts";
import type { Configuration, ConfigurationRequest } from "#release/stack/configuration.ts";
import { formatSite } from "#release/stack/site.ts";
import type { Evidence, ReleaseTemplate } from "#release/template/template.ts";
import type { Target } from "#release/traits/targets.ts";
import { readSettings, settingsShape, usualPages } from "./settings.ts";
import { siteStack } from "./stack.ts";

export const staticSite: ReleaseTemplate = {
  name: "static-site",
  version: "1.1.0",
  summary: "A site of files: assets first and for ever, pages last and fresh, behind CloudFront.",
  rollback: { within: "seconds", by: "the earlier release's pages, whose assets are still there" },
  settings: settingsShape,
  entries: [
    { matches: /^index\.html$/, rank: 5, means: "an index.html at the top", presence: true },
    {
      matches: /^(dist|build|public|out|site)\/index\.html$/,
      rank: 6,
      means: "an index.html in a build's folder",
      presence: true,
    },
  ],
  detect: ({ path }) => ({ fits: true, reason: `${path} is the entry page of a site.` }),
  describe: (evidence) => describe(evidence),
  plan,
  assemble: async (): Promise<Assembly> => ({
    stacks: [{ id: "", level: 0, path: "site.template.json", document: siteStack({}) }],
  }),
  configure,
};

const describe = ({ path }: Evidence): Described => ({
  facts: { folder: path.slice(0, Math.max(0, path.lastIndexOf("/"))) },
});

function plan(request: PlanRequest): Plan {
  return pipelinePlan(request, (target) => ({
    steps: applicationStacks(request, target, { after: [publish(request, target)] }),
    // The way back takes seconds, so it is taken at once.
    rollback: true,
  }));
}

const publish = ({ line }: PlanRequest, target: Target): Unordered => ({
  type: "worker",
  name: "Publish",
  worker: "site",
  target,
  stackName: appStackName(target, line),
  input: artifactNames.prepared(target.environment),
  parameters: {},
});

function configure({ release, settings }: ConfigurationRequest): Configuration {
  const site = readSettings(settings);
  const folder = site.folder ?? String(release.manifest.facts["folder"] ?? "");
  return {
    values: { "": {} },
    documents: { "": siteStack(site) },
    files: {
      "site.json": formatSite({
        folder,
        pages: site.pages ?? usualPages,
        assetSeconds: site.assetSeconds ?? 31_536_000,
        pageSeconds: site.pageSeconds ?? 0,
        keepReleases: site.keepReleases ?? 5,
      }),
    },
  };
}
