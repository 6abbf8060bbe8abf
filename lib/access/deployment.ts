/**
 * Reads the resources of a template as one account deploys it: it resolves every intrinsic function and
 * derives every ARN.
 */
import { evaluateConditions } from "@kedge/local-cloud/cloudformation/conditions";
import { resolveValue } from "@kedge/local-cloud/cloudformation/intrinsics";
import { isObject, type Json, type JsonObject } from "@kedge/local-cloud/cloudformation/json";
import type { Scope } from "@kedge/local-cloud/cloudformation/scope";
import { resourceArn, resourceRef } from "./resource-arns.ts";

type TemplateParameter = {
  readonly Type: string;
  readonly Default?: string;
  readonly AllowedPattern?: string;
  readonly AllowedValues?: readonly string[];
};

export type Template = {
  readonly Parameters?: Readonly<Record<string, TemplateParameter>>;
  readonly Conditions?: JsonObject;
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: JsonObject }>>;
};

export type Deployment = {
  /** The template's name: equal names are deployments of one template. */
  readonly stack: string;
  readonly account: string;
  readonly region: string;
  readonly template: Template;
  readonly parameters: Readonly<Record<string, string>>;
};

export type Deployed = {
  readonly stack: string;
  readonly account: string;
  readonly region: string;
  readonly logicalId: string;
  readonly type: string;
  readonly arn: string;
  readonly properties: JsonObject;
};

class DeploymentIncomplete extends Error {
  override name = "DeploymentIncomplete";
}

export function deployedResources(deployment: Deployment): readonly Deployed[] {
  const { stack, account, region, template } = deployment;
  const known = new Map<string, Deployed>();
  const without: Omit<Scope, "conditions"> = {
    parameters: parametersOf(deployment),
    pseudo: {
      account,
      region,
      partition: "aws",
      urlSuffix: "amazonaws.com",
      stackName: stack,
      stackId: `arn:aws:cloudformation:${region}:${account}:stack/${stack}/id`,
      notificationArns: [],
    },
    mappings: {},
    importValue: (name) => name,
    resource: (logicalId) => {
      const found = find(logicalId);
      return (
        found && {
          type: found.type,
          ref: resourceRef(found),
          attribute: (name) => (name === "Arn" ? found.arn : `${resourceRef(found)}.${name}`),
        }
      );
    },
  };
  const scope: Scope = { ...without, conditions: evaluateConditions(template.Conditions ?? {}, without) };
  /**
   * Resolves a resource when another one refers to it first. Templates have no cycles, so the recursion ends.
   */
  const find = (logicalId: string): Deployed | undefined => {
    const held = known.get(logicalId);
    const written = template.Resources[logicalId];
    if (held !== undefined || written === undefined) return held;
    const resolved: Json = resolveValue(written.Properties ?? {}, scope);
    const properties = isObject(resolved) ? resolved : {};
    const about = { stack, account, region, logicalId, type: written.Type, properties };
    const made: Deployed = { ...about, arn: resourceArn(about) };
    known.set(logicalId, made);
    return made;
  };
  return Object.keys(template.Resources).flatMap((logicalId) => find(logicalId) ?? []);
}

function parametersOf({ stack, template, parameters }: Deployment): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    Object.entries(template.Parameters ?? {}).map(([name, { Type, Default }]) => {
      const value = parameters[name] ?? Default;
      if (value === undefined) {
        throw new DeploymentIncomplete(
          `The template ${stack} has a parameter ${name} without a value; lib/operate/product-parameters.ts says what an estate gives each product.`,
        );
      }
      return [name, /List/.test(Type) ? value.split(",") : value];
    }),
  );
}
