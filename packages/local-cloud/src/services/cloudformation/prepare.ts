/**
 * Prepares a request's template, parameters and conditions; rejects the errors that AWS reports
 * synchronously.
 */
import { randomUUID } from "node:crypto";
import { evaluateConditions } from "#cloud/cloudformation/conditions.ts";
import { activeResources, dependencyGraph, type Graph } from "#cloud/cloudformation/dependency-graph.ts";
import type { Json } from "#cloud/cloudformation/json.ts";
import { type ParameterValue, parameterJson } from "#cloud/cloudformation/parameters.ts";
import { parseTemplate } from "#cloud/cloudformation/parse-template.ts";
import { checkReferences } from "#cloud/cloudformation/references.ts";
import { checkRules } from "#cloud/cloudformation/rules.ts";
import type { PseudoParameters, Scope } from "#cloud/cloudformation/scope.ts";
import { checkSecureReferences } from "#cloud/cloudformation/secure-properties.ts";
import { checkStaticFunctions } from "#cloud/cloudformation/static-functions.ts";
import { checkStructure, type ResourceDeclaration, type Template } from "#cloud/cloudformation/template.ts";
import { validationError } from "#cloud/cloudformation/template-error.ts";
import { checkAttributes, checkTypes } from "#cloud/resource-types/check-types.ts";
import type { Definition, TemplateRow } from "./state.ts";

/**
 * A template after the step that needs only its parameters: conditions evaluated, resources chosen and
 * ordered.
 */
export type Prepared = {
  readonly template: Template;
  readonly conditions: Readonly<Record<string, boolean>>;
  readonly resources: Readonly<Record<string, ResourceDeclaration>>;
  readonly graph: Graph;
  /** The scope of the intrinsic functions; the stack adds its resources. */
  readonly scope: Omit<Scope, "resource" | "importValue">;
};

/** Reads processed template text, which passed all checks when it was stored. */
export const templateFrom = (row: TemplateRow): Template =>
  checkStructure(parseTemplate(row.processed), "processed");

export function checkTemplate(processed: Template): Template {
  checkTypes(processed);
  checkReferences(processed);
  checkSecureReferences(processed);
  checkAttributes(processed);
  return processed;
}

export const newTemplateKey = (): string => randomUUID();

export function pseudoParameters(
  location: { readonly account: string; readonly region: string },
  stack: { readonly stackId: string; readonly name: string },
  notificationArns: readonly string[],
): PseudoParameters {
  return {
    account: location.account,
    region: location.region,
    partition: "aws",
    urlSuffix: "amazonaws.com",
    stackName: stack.name,
    stackId: stack.stackId,
    notificationArns,
  };
}

const beforeResources = { resource: () => undefined, importValue: (name: string) => unknownImport(name) };

const unknownImport = (name: string): never => {
  throw validationError(`No export named ${name} found.`);
};

/** The caller must have looked up the values of `AWS::SSM::Parameter` parameters. */
export function prepare(
  template: Template,
  parameters: readonly ParameterValue[],
  pseudo: PseudoParameters,
): Prepared {
  const values: Record<string, Json> = {};
  for (const [key, declaration] of Object.entries(template.Parameters ?? {})) {
    const value = parameters.find((one) => one.key === key);
    if (value) values[key] = parameterJson(declaration, value);
  }
  const base = { parameters: values, pseudo, mappings: template.Mappings ?? {}, ...beforeResources };
  const conditions = evaluateConditions(template.Conditions ?? {}, base);
  checkRules(template.Rules ?? {}, { ...base, conditions });
  const resources = activeResources(template, conditions);
  const graph = dependencyGraph(resources, template.Resources, conditions);
  const scope = { ...base, conditions };
  for (const { Properties } of Object.values(resources)) checkStaticFunctions(Properties ?? null, scope);
  for (const { Value, Condition } of Object.values(template.Outputs ?? {}))
    if (Condition === undefined || conditions[Condition]) checkStaticFunctions(Value, scope);
  return {
    template,
    conditions,
    resources,
    graph,
    scope: { parameters: values, pseudo, mappings: template.Mappings ?? {}, conditions },
  };
}

/** Prepares a stored definition again. */
export function prepareDefinition(
  definition: Definition,
  row: TemplateRow,
  location: { readonly account: string; readonly region: string },
  stack: { readonly stackId: string; readonly name: string },
): Prepared {
  return prepare(
    templateFrom(row),
    definition.parameters,
    pseudoParameters(location, stack, definition.notificationArns),
  );
}
