/**
 * Release template `serverless-framework`: the output of `serverless package` as one CloudFormation stack.
 */

import { readTemplate } from "#release/document/template-document.ts";
import { stackPlan } from "#release/plan/plan-build.ts";
import { capabilitiesOf } from "#release/stack/capabilities.ts";
import type { ReleaseTemplate } from "#release/template/template.ts";
import { withLocalCode } from "./packaged-code.ts";
import { readState } from "./service-state.ts";

const stateFile = "serverless-state.json";

const alongside = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1);

export const serverlessFramework: ReleaseTemplate = {
  name: "serverless-framework",
  version: "1.1.0",
  summary:
    "A service packaged by the Serverless Framework: one stack for each environment, without a deployment bucket.",
  rollback: { within: "minutes", by: "a stack update with the earlier version" },
  entries: [
    {
      matches: /^\.serverless\/cloudformation-template-update-stack\.json$/,
      rank: 0,
      means: "the output of serverless package",
    },
    {
      matches: /^cloudformation-template-update-stack\.json$/,
      rank: 2,
      means: "the content of a .serverless folder at the top",
    },
    {
      matches: /^[^/]+\/\.serverless\/cloudformation-template-update-stack\.json$/,
      rank: 4,
      means: "the output of serverless package in a folder at the top",
    },
  ],
  detect: ({ path, names }) =>
    names.includes(alongside(path) + stateFile)
      ? { fits: true, reason: `${path} stands beside ${stateFile}.` }
      : { fits: false, reason: `${path} has no ${stateFile} beside it, so its archives cannot be found.` },
  describe: ({ document }) => ({ capabilities: capabilitiesOf(document()) }),
  plan: stackPlan,
  assemble: async ({ manifest: { entry }, names, text }) => {
    const folder = alongside(entry);
    const service = folder.replace(/[^/]+\/$/, "");
    const below = (location: string) =>
      names.filter((name) => name.startsWith(location)).map((name) => name.slice(location.length));
    const document = withLocalCode({
      document: readTemplate(await text(entry, "The release's template"), entry),
      state: readState(await text(folder + stateFile, "The state of the service"), folder + stateFile),
      packed: below(folder),
      files: folder === "" ? [] : below(service),
    });
    return { stacks: [{ id: "", level: 0, path: entry, document }] };
  },
};
