/** Release template `sam`: applications of the Serverless Application Model, as source or as the output of `sam build`. */

import { isServerless } from "#release/document/template-document.ts";
import { stackPlan } from "#release/plan/plan-build.ts";
import { capabilitiesOf } from "#release/stack/capabilities.ts";
import type { ReleaseTemplate } from "#release/template/template.ts";

export const sam: ReleaseTemplate = {
  name: "sam",
  version: "1.1.0",
  summary: "SAM source or sam build output: local code is packaged, one stack for each environment.",
  rollback: { within: "minutes", by: "a stack update with the earlier version" },
  entries: [
    { matches: /^\.aws-sam\/build\/template\.(yaml|yml|json)$/, rank: 0, means: "the output of sam build" },
    { matches: /^packaged(-template)?\.(yaml|yml|json)$/, rank: 1, means: "the output of sam package" },
    { matches: /^template\.(yaml|yml|json)$/, rank: 2, means: "a SAM template at the top" },
    {
      matches: /^[^/]+\/template\.(yaml|yml|json)$/,
      rank: 4,
      means: "a SAM template in a folder at the top",
    },
  ],
  detect: ({ document, path }) =>
    isServerless(document())
      ? { fits: true, reason: `${path} has the transform AWS::Serverless-2016-10-31.` }
      : { fits: false, reason: `${path} has no transform AWS::Serverless-2016-10-31.` },
  describe: ({ document }) => ({ capabilities: capabilitiesOf(document()) }),
  plan: stackPlan,
};
