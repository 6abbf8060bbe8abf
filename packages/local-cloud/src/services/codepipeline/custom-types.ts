/** Implements the operations on custom action types, and the lists of action types and rule types. */
import type { ActionType, RuleType } from "@aws-sdk/client-codepipeline";
import { ruleProviders } from "#cloud/action-providers/rules.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { accessAll, actionTypeArn } from "./names.ts";
import type { CodePipelineOperation } from "./operation.ts";
import { pageOf } from "./page.ts";
import { checkTags, tagContext } from "./tags.ts";
import { awsActionTypes, typeKey } from "./types.ts";

export const createCustomActionType: CodePipelineOperation<"CreateCustomActionType"> = {
  access: (input, call) => ({
    action: "codepipeline:CreateCustomActionType",
    resource: actionTypeArn(call, { ...input, owner: "Custom" }),
    context: tagContext(input.tags),
  }),
  run: (input, { state, account }) => {
    const { category, provider, version, settings, configurationProperties, tags = [] } = input;
    const { inputArtifactDetails, outputArtifactDetails } = input;
    for (const details of [inputArtifactDetails, outputArtifactDetails]) {
      const { minimumCount: min = 0, maximumCount: max = 0 } = details ?? {};
      if (max < min) {
        throw new AwsError(
          "ValidationException",
          `Maximum Number of Artifacts (${max}) has to be greater than or equal to minimum (${min}).`,
        );
      }
    }
    const key = typeKey(input);
    if (state.customTypes.has(key)) {
      throw new AwsError(
        "ValidationException",
        `ActionType (Category: '${category}', Provider: '${provider}', Owner: 'Custom', Version: '${version}') already exists in account '${account}'`,
      );
    }
    checkTags(tags, {});
    const type: ActionType = {
      id: { category, owner: "Custom", provider, version },
      settings: settings ?? {},
      actionConfigurationProperties: configurationProperties ?? [],
      inputArtifactDetails,
      outputArtifactDetails,
    };
    state.customTypes.set(key, {
      type,
      tags: Object.fromEntries(tags.map((tag) => [tag.key ?? "", tag.value ?? ""])),
    });
    return { actionType: type, tags };
  },
};

export const deleteCustomActionType: CodePipelineOperation<"DeleteCustomActionType"> = {
  access: (input, call) => ({
    action: "codepipeline:DeleteCustomActionType",
    resource: actionTypeArn(call, { ...input, owner: "Custom" }),
  }),
  run: (input, { state }) => {
    state.customTypes.delete(typeKey(input));
    return {};
  },
};

export const listActionTypes: CodePipelineOperation<"ListActionTypes"> = {
  access: () => accessAll("ListActionTypes"),
  run: ({ actionOwnerFilter, nextToken }, { state }) => {
    const custom = [...state.customTypes.values()].map(({ type }) => type);
    const types = [...awsActionTypes(), ...custom].filter(
      ({ id }) => actionOwnerFilter === undefined || id?.owner === actionOwnerFilter,
    );
    const page = pageOf(types, nextToken, 100);
    return { actionTypes: [...page.items], ...page.next };
  },
};

export const listRuleTypes: CodePipelineOperation<"ListRuleTypes"> = {
  access: () => accessAll("ListRuleTypes"),
  run: () => ({
    ruleTypes: ruleProviders.map(
      (rule): RuleType => ({
        id: { category: "Rule", owner: "AWS", provider: rule.provider, version: "1" },
        ruleConfigurationProperties: Object.entries(rule.properties ?? {}).map(
          ([name, { required = false }]) => ({
            name,
            required,
            key: true,
            secret: false,
          }),
        ),
        inputArtifactDetails: { minimumCount: rule.inputs[0], maximumCount: rule.inputs[1] },
      }),
    ),
  }),
};
