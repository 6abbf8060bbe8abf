/**
 * Release template `cloudformation`: a plain CloudFormation template from any tool, with its parameter files.
 */

import { isServerless, resourcesOf } from "#release/document/template-document.ts";
import { stackPlan } from "#release/plan/plan-build.ts";
import { capabilitiesOf } from "#release/stack/capabilities.ts";
import type { ReleaseTemplate } from "#release/template/template.ts";

export const cloudformation: ReleaseTemplate = {
  name: "cloudformation",
  version: "1.1.0",
  summary: "A CloudFormation template, plain or packaged, with parameters: one stack for each environment.",
  rollback: { within: "minutes", by: "a stack update with the earlier version" },
  entries: [
    {
      matches: /^packaged(-template)?\.(yaml|yml|json)$/,
      rank: 1,
      means: "the output of aws cloudformation package",
    },
    { matches: /^template\.(yaml|yml|json)$/, rank: 2, means: "a CloudFormation template at the top" },
    {
      matches: /^(cloudformation|cfn|stack)\.(yaml|yml|json)$/,
      rank: 3,
      means: "a CloudFormation template at the top",
    },
    { matches: /^[^/]+\.template(\.(yaml|yml|json))?$/, rank: 3, means: "a .template file at the top" },
    {
      matches: /^[^/]+\/template\.(yaml|yml|json)$/,
      rank: 4,
      means: "a CloudFormation template in a folder at the top",
    },
  ],
  detect: ({ path, ...evidence }) => {
    const document = evidence.document();
    if (isServerless(document)) {
      return { fits: false, reason: `${path} has the transform AWS::Serverless-2016-10-31.` };
    }
    const serverless = resourcesOf(document).find(({ type }) => type.startsWith("AWS::Serverless::"));
    if (serverless === undefined) {
      return { fits: true, reason: `${path} is a CloudFormation template without the serverless transform.` };
    }
    return {
      fits: false,
      reason: `${serverless.id} is a ${serverless.type}, which plain CloudFormation does not know.`,
    };
  },
  describe: ({ document }) => ({ capabilities: capabilitiesOf(document()) }),
  plan: stackPlan,
};
