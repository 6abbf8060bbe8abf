/** Turns a request into a definition: reads the template, resolves parameters, expands transforms, checks. */

import {
  type ParameterInput,
  type ParameterValue,
  parameterValues,
} from "#cloud/cloudformation/parameters.ts";
import { parseTemplate } from "#cloud/cloudformation/parse-template.ts";
import { checkStructure, type Template } from "#cloud/cloudformation/template.ts";
import { validationError } from "#cloud/cloudformation/template-error.ts";
import { expandTransforms, transformsOf } from "#cloud/cloudformation/transforms.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Principal } from "#cloud/kernel/principal.ts";
import type { Call } from "#cloud/kernel/service.ts";
import type { Tag } from "#cloud/resource-types/resource-type.ts";
import { checkTemplate, newTemplateKey, type Prepared, prepare, pseudoParameters } from "./prepare.ts";
import { checkInline, readTemplateUrl } from "./read-template.ts";
import { macroRunner } from "./run-macro.ts";
import { lookUpSsm } from "./ssm-parameters.ts";
import type { Definition, State, TemplateRow } from "./state.ts";
import { operationPrincipal } from "./worker.ts";

/** A call, or the principal of a change set whose nested change sets are made in the background. */
type Caller = Pick<Call<State>, "cloud" | "clock" | "account" | "region" | "state" | "principal">;

type TemplateInput = {
  readonly TemplateBody?: string | undefined;
  readonly TemplateURL?: string | undefined;
  readonly UsePreviousTemplate?: boolean | undefined;
};

type DefinitionInput = TemplateInput & {
  readonly Parameters?: readonly ParameterInput[] | undefined;
  readonly Capabilities?: readonly string[] | undefined;
  readonly NotificationARNs?: readonly string[] | undefined;
  readonly Tags?:
    | readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[]
    | undefined;
  readonly RoleARN?: string | undefined;
};

export type Accepted = {
  readonly definition: Definition;
  readonly template: TemplateRow;
  readonly prepared: Prepared;
};

type ParsedTemplate = {
  readonly original: string;
  readonly source: Template;
  readonly transforms: readonly string[];
};

/**
 * Reads the template of a request, which must name it in exactly one way (CloudFormation API Reference,
 * CreateStack, "TemplateURL").
 */
export async function sourceTemplate(
  input: TemplateInput,
  call: Caller,
  previous?: TemplateRow,
): Promise<ParsedTemplate> {
  const given = [input.TemplateBody, input.TemplateURL, input.UsePreviousTemplate || undefined].filter(
    (one) => one !== undefined,
  );
  if (given.length !== 1) {
    throw validationError(
      given.length === 0
        ? "Either Template URL or Template Body must be specified."
        : input.UsePreviousTemplate
          ? "Template body or template url should not be specified when using the previous template."
          : "Only one of Template URL or Template Body may be specified.",
    );
  }
  const original =
    input.TemplateBody !== undefined
      ? checkInline(input.TemplateBody)
      : input.TemplateURL !== undefined
        ? await readTemplateUrl(input.TemplateURL, call)
        : previous?.original;
  if (original === undefined) throw validationError("No previous template exists.");
  const source = checkStructure(parseTemplate(original), "source");
  return { original, source, transforms: transformsOf(source) };
}

/** Returns the principal that reads SSM parameters and includes: the stack's role, or else the caller. */
async function readingPrincipal(roleArn: string | undefined, call: Caller): Promise<Principal> {
  if (roleArn === undefined) return call.principal;
  try {
    return await operationPrincipal({ ...call, state: call.state }, { principal: call.principal, roleArn });
  } catch (error) {
    if (error instanceof AwsError) throw validationError(`Role ${roleArn} is invalid or cannot be assumed`);
    throw error;
  }
}

export async function acceptDefinition(
  input: DefinitionInput,
  call: Caller,
  stack: {
    readonly stackId: string;
    readonly name: string;
    readonly definition?: Definition;
    readonly roleArn?: string;
  },
  checkGiven: (template: Template, expands: boolean) => void,
): Promise<Accepted> {
  const previousTemplate = stack.definition && call.state.templates.get(stack.definition.template);
  const { original, source, transforms } = await sourceTemplate(input, call, previousTemplate);
  const as = {
    cloud: call.cloud,
    principal: await readingPrincipal(input.RoleARN ?? stack.roleArn, call),
    account: call.account,
    region: call.region,
  };
  const plain = parameterValues(
    source.Parameters ?? {},
    input.Parameters ?? [],
    stack.definition?.parameters,
  );
  const parameters: readonly ParameterValue[] = await lookUpSsm(source, plain, as);
  const notificationArns = input.NotificationARNs ?? stack.definition?.notificationArns ?? [];
  const pseudo = pseudoParameters(call, stack, notificationArns);
  const processed = await expandTransforms(source, {
    parameters,
    pseudo,
    macro: macroRunner(call, source, parameters),
    include: (location) =>
      readTemplateUrl(location.replace(/^s3:\/\//, "https://s3.amazonaws.com/"), {
        ...as,
        cloud: call.cloud,
      }),
  });
  const template = checkTemplate(checkStructure(processed, "processed"));
  checkGiven(template, transforms.length > 0);
  const prepared = prepare(template, parameters, pseudo);
  const definition: Definition = {
    template: newTemplateKey(),
    ...(template.Description === undefined ? {} : { description: template.Description }),
    parameters,
    tags: input.Tags === undefined ? (stack.definition?.tags ?? []) : checkTags(input.Tags),
    capabilities: input.Capabilities ?? [],
    notificationArns,
  };
  return { definition, template: { original, processed: JSON.stringify(template), transforms }, prepared };
}

function checkTags(tags: NonNullable<DefinitionInput["Tags"]>): readonly Tag[] {
  if (tags.length > 50) {
    throw validationError(
      "1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50",
    );
  }
  const keys = tags.map((tag) => tag.Key ?? "");
  const duplicate = keys.find((key, index) => keys.indexOf(key) !== index);
  if (duplicate !== undefined) throw validationError(`Duplicate tag key: ${duplicate}`);
  if (keys.some((key) => key.toLowerCase().startsWith("aws:"))) {
    throw validationError("aws: prefixed tag key names are not allowed for external use.");
  }
  return tags.map((tag) => ({ Key: tag.Key ?? "", Value: tag.Value ?? "" }));
}
