/**
 * The transform `AWS::Serverless-2016-10-31`: SAM's resources become CloudFormation's, with the logical ids
 * that AWS gives them.
 */
import { isObject, type Json, type JsonObject } from "#cloud/cloudformation/json.ts";
import type { TransformContext } from "#cloud/cloudformation/transform-input.ts";
import { expandApi, expandHttpApi } from "./api.ts";
import type { Expansion, SamResource } from "./document.ts";
import { expandFunction } from "./function.ts";
import { checkGlobals, withGlobals } from "./globals.ts";
import { expandLayer, expandStateMachine, expandTable, isSam, rejectType } from "./others.ts";
import { renameReferences } from "./rename.ts";
import { SamProblem, samFailure } from "./sam-error.ts";

type Expand = (id: string, source: SamResource, expansion: Expansion) => void;

/** APIs come last, because only then have all events added their routes. */
const order: readonly (readonly [type: string, expand: Expand])[] = [
  ["AWS::Serverless::LayerVersion", expandLayer],
  ["AWS::Serverless::SimpleTable", expandTable],
  ["AWS::Serverless::Function", expandFunction],
  ["AWS::Serverless::StateMachine", expandStateMachine],
  ["AWS::Serverless::Api", expandApi],
  ["AWS::Serverless::HttpApi", expandHttpApi],
];

const inherited = ["Condition", "DependsOn", "DeletionPolicy", "UpdateReplacePolicy", "Metadata"] as const;

export function expandSam(document: JsonObject, context: Pick<TransformContext, "parameters">): JsonObject {
  const source = isObject(document["Resources"]) ? document["Resources"] : {};
  const problems: string[] = [];
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof SamProblem)) throw error;
      problems.push(error.message);
    }
  };
  let globals: JsonObject = {};
  attempt(() => {
    globals = checkGlobals(document["Globals"]);
  });
  const expansion: Expansion = {
    resources: new Map(
      Object.entries(source).filter(
        (entry): entry is [string, JsonObject] => !isSam(entry[1]) && isObject(entry[1]),
      ),
    ),
    renamed: new Map(),
    routes: new Map(),
    parameters: Object.fromEntries(context.parameters.map((one) => [one.key, one.resolved ?? one.value])),
  };
  const declared = new Map(
    Object.entries(source)
      .filter((entry): entry is [string, JsonObject] => isSam(entry[1]))
      .map(([id, one]) => [id, read(one, globals)]),
  );
  const known = new Set(order.map(([type]) => type));
  for (const [id, one] of declared) if (!known.has(one.Type)) attempt(() => rejectType(id, one));
  for (const [type, expand] of order) {
    for (const [id, one] of declared) if (one.Type === type) attempt(() => expand(id, one, expansion));
  }
  attempt(() => implicitApis(declared, globals, expansion));
  if (problems.length > 0) throw samFailure(problems);
  const { Globals: _globals, ...rest } = document;
  const renamed = renameReferences(
    { ...rest, Resources: Object.fromEntries(expansion.resources) },
    expansion.renamed,
  );
  return isObject(renamed) ? renamed : rest;
}

function read(one: JsonObject, globals: JsonObject): SamResource {
  const Type = String(one["Type"]);
  const properties: Json = one["Properties"] ?? {};
  if (one["Connectors"] !== undefined)
    throw samFailure([`Connectors are not supported: write the policies they stand for.`]);
  return {
    Type,
    Properties: withGlobals(Type, isObject(properties) ? properties : {}, globals),
    attributes: Object.fromEntries(
      inherited.flatMap((name) => (one[name] === undefined ? [] : [[name, one[name]]])),
    ),
  };
}

/** Creates the APIs of events that name none. */
function implicitApis(
  declared: ReadonlyMap<string, SamResource>,
  globals: JsonObject,
  expansion: Expansion,
): void {
  const implied = (id: string, type: string, properties: JsonObject, expand: Expand): void => {
    if (!expansion.routes.has(id) || declared.has(id)) return;
    expand(id, { Type: type, Properties: withGlobals(type, properties, globals), attributes: {} }, expansion);
  };
  implied("ServerlessRestApi", "AWS::Serverless::Api", { StageName: "Prod" }, expandApi);
  implied("ServerlessHttpApi", "AWS::Serverless::HttpApi", {}, expandHttpApi);
}
