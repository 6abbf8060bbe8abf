/** AWS Systems Manager has only its Parameter Store here, because releases need no other feature. */
import * as sdk from "@aws-sdk/client-ssm";
import { defineService } from "#cloud/kernel/service.ts";
import * as change from "./change-parameters.ts";
import * as get from "./get-parameters.ts";
import { putParameter } from "./put-parameter.ts";
import type { SsmState } from "./state.ts";

export const ssm = defineService<SsmState, typeof sdk>(
  {
    name: "ssm",
    sdk,
    protocols: ["json-1.1"],
    target: "AmazonSSM",
    state: (table) => ({ parameters: table("parameters") }),
  },
  {
    AddTagsToResource: change.addTagsToResource,
    DeleteParameter: change.deleteParameter,
    DeleteParameters: change.deleteParameters,
    DescribeParameters: get.describeParameters,
    GetParameter: get.getParameter,
    GetParameterHistory: get.getParameterHistory,
    GetParameters: get.getParameters,
    GetParametersByPath: get.getParametersByPath,
    LabelParameterVersion: change.labelParameterVersion,
    ListTagsForResource: change.listTagsForResource,
    PutParameter: putParameter,
    RemoveTagsFromResource: change.removeTagsFromResource,
    UnlabelParameterVersion: change.unlabelParameterVersion,
  },
);
