/** Implements GetTemplate, GetTemplateSummary and ValidateTemplate. */

import type { Capability } from "@aws-sdk/client-cloudformation";
import { isSsmValue } from "#cloud/cloudformation/parameters.ts";
import { checkReferences } from "#cloud/cloudformation/references.ts";
import type { Template } from "#cloud/cloudformation/template.ts";
import { validationError } from "#cloud/cloudformation/template-error.ts";
import type { OperationOf } from "#cloud/kernel/service.ts";
import { checkTypes } from "#cloud/resource-types/check-types.ts";
import { stackAccess } from "./access.ts";
import { neededCapabilities } from "./capabilities.ts";
import { stackOfSet } from "./change-sets.ts";
import { findChangeSet } from "./find-change-set.ts";
import { missingStack, stackOf } from "./find-stack.ts";
import { templateFrom } from "./prepare.ts";
import { sourceTemplate } from "./request.ts";
import type { Sdk, State } from "./state.ts";

export const getTemplate: OperationOf<Sdk, State, "GetTemplate"> = {
  access: (input, call) => stackAccess("GetTemplate", stackOfSet(input, call.state), call),
  run: (input, call) => {
    const set =
      input.ChangeSetName === undefined
        ? undefined
        : findChangeSet(call.state, input.ChangeSetName, input.StackName);
    const definition =
      set?.definition ?? stackOf(call, input.StackName ?? "", missingStack.withId).definition;
    const row = call.state.templates.get(definition.template);
    if (!row) throw validationError(`Stack with id ${input.StackName ?? ""} does not exist`);
    const stages = ["Original", "Processed"] as const;
    const body = input.TemplateStage === "Processed" ? row.processed : row.original;
    return { TemplateBody: body, StagesAvailable: [...stages] };
  },
};

const parametersOf = (template: Template) =>
  Object.entries(template.Parameters ?? {}).map(([key, one]) => ({
    key,
    type: one.Type,
    noEcho: String(one.NoEcho ?? false) === "true",
    fallback: one.Default === undefined || one.Default === null ? undefined : String(one.Default),
    description: one.Description,
    allowed: one.AllowedValues?.map(String),
  }));

/** Lists the required capabilities as GetTemplateSummary and ValidateTemplate show them. */
const capabilitiesOf = (template: Template, transforms: readonly string[]) => {
  const needed = neededCapabilities(template);
  const all = [
    ...needed.capabilities,
    ...(transforms.length > 0 ? ["CAPABILITY_AUTO_EXPAND"] : []),
  ] as Capability[];
  if (all.length === 0) return {};
  return { Capabilities: all, ...(needed.reason === "" ? {} : { CapabilitiesReason: needed.reason }) };
};

export const getTemplateSummary: OperationOf<Sdk, State, "GetTemplateSummary"> = {
  access: (input, call) => stackAccess("GetTemplateSummary", input.StackName, call),
  run: async (input, call) => {
    const row =
      input.StackName === undefined
        ? undefined
        : call.state.templates.get(stackOf(call, input.StackName, missingStack.withId).definition.template);
    const { source, transforms } = row
      ? { source: templateFrom(row), transforms: row.transforms }
      : await sourceTemplate({ TemplateBody: input.TemplateBody, TemplateURL: input.TemplateURL }, call);
    const types = [...new Set(Object.values(source.Resources).map((resource) => resource.Type))];
    return {
      Parameters: parametersOf(source).map((one) => ({
        ParameterKey: one.key,
        ...(one.fallback === undefined ? {} : { DefaultValue: one.fallback }),
        ParameterType: one.type,
        NoEcho: one.noEcho,
        ...(one.description === undefined ? {} : { Description: one.description }),
        ParameterConstraints:
          one.allowed === undefined || isSsmValue(one.type) ? {} : { AllowedValues: one.allowed },
      })),
      ...(source.Description === undefined ? {} : { Description: source.Description }),
      ...capabilitiesOf(source, transforms),
      ResourceTypes: types,
      ...(source.AWSTemplateFormatVersion === undefined ? {} : { Version: source.AWSTemplateFormatVersion }),
      ...(source.Metadata === undefined ? {} : { Metadata: JSON.stringify(source.Metadata) }),
      ...(transforms.length === 0 ? {} : { DeclaredTransforms: [...transforms] }),
      ResourceIdentifierSummaries: types.map((type) => ({
        ResourceType: type,
        LogicalResourceIds: Object.keys(source.Resources).filter((id) => source.Resources[id]?.Type === type),
      })),
    };
  },
};

export const validateTemplate: OperationOf<Sdk, State, "ValidateTemplate"> = {
  access: (input, call) => ({
    ...stackAccess("ValidateTemplate", undefined, call),
    context: { "cloudformation:TemplateUrl": input.TemplateURL },
  }),
  run: async (input, call) => {
    const { source, transforms } = await sourceTemplate(input, call);
    if (transforms.length === 0) {
      checkTypes(source);
      checkReferences(source);
    }
    return {
      Parameters: parametersOf(source).map((one) => ({
        ParameterKey: one.key,
        ...(one.fallback === undefined ? {} : { DefaultValue: one.fallback }),
        NoEcho: one.noEcho,
        ...(one.description === undefined ? {} : { Description: one.description }),
      })),
      ...(source.Description === undefined ? {} : { Description: source.Description }),
      ...capabilitiesOf(source, transforms),
      ...(transforms.length === 0 ? {} : { DeclaredTransforms: [...transforms] }),
    };
  },
};
