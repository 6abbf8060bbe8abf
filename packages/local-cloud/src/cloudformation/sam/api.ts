/**
 * AWS::Serverless::Api and HttpApi, declared or implied by events: creates the API, its deployment and its
 * stage.
 */
import type { Json, JsonObject } from "#cloud/cloudformation/json.ts";
import { isObject } from "#cloud/cloudformation/json.ts";
import {
  badUri,
  digest,
  type Expansion,
  members,
  object,
  plain,
  type Route,
  ref,
  type SamResource,
  s3Uri,
} from "./document.ts";
import { resourceProblem } from "./sam-error.ts";

const invocation = (route: Route): JsonObject => {
  const target = route.alias ?? `${route.function}.Arn`;
  const arn = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/";
  return { "Fn::Sub": `${arn}\${${target}}/invocations` };
};

const restOperation = (route: Route): JsonObject => ({
  "x-amazon-apigateway-integration": { httpMethod: "POST", type: "aws_proxy", uri: invocation(route) },
  responses: {},
});

const httpOperation = (route: Route): JsonObject => ({
  "x-amazon-apigateway-integration": {
    httpMethod: "POST",
    type: "aws_proxy",
    uri: invocation(route),
    payloadFormatVersion: route.payload ?? "2.0",
  },
  responses: {},
  ...(route.path === "$default" ? { isDefaultRoute: true } : {}),
});

function withRoutes(
  body: JsonObject,
  routes: readonly Route[],
  operation: (route: Route) => JsonObject,
): JsonObject {
  const paths: Record<string, Json> = { ...object(body["paths"]) };
  for (const route of routes)
    paths[route.path] = { ...object(paths[route.path]), [route.method]: operation(route) };
  return { ...body, paths };
}

const stageId = (api: string, stage: Json): string =>
  typeof stage === "string" ? `${api}${stage.replace(/[^a-zA-Z0-9]/g, "")}Stage` : `${api}Stage`;

export function expandApi(id: string, source: SamResource, expansion: Expansion): void {
  const { Properties: p, attributes } = source;
  const routes = (expansion.routes.get(id) ?? []).filter((route) => route.kind === "rest");
  const stage = plain(p["StageName"], expansion);
  if (stage === undefined) throw resourceProblem(id, "Missing required property 'StageName'.");
  const definition = definitionOf(id, p, expansion);
  const title: JsonObject = { version: "1.0", title: ref("AWS::StackName") };
  const body =
    definition.location === undefined
      ? withRoutes({ swagger: "2.0", info: title, paths: {}, ...definition.body }, routes, restOperation)
      : undefined;
  expansion.resources.set(id, {
    Type: "AWS::ApiGateway::RestApi",
    ...attributes,
    Properties: members({
      Name: p["Name"],
      Description: p["Description"],
      Body: body,
      BodyS3Location: definition.location,
      BinaryMediaTypes: p["BinaryMediaTypes"],
      MinimumCompressionSize: p["MinimumCompressionSize"],
      EndpointConfiguration: endpoint(p["EndpointConfiguration"]),
      Parameters:
        isObject(p["EndpointConfiguration"]) && p["EndpointConfiguration"]["Type"] !== undefined
          ? { endpointConfigurationTypes: p["EndpointConfiguration"]["Type"] }
          : undefined,
      FailOnWarnings: p["FailOnWarnings"],
      Tags:
        p["Tags"] === undefined
          ? undefined
          : Object.entries(object(p["Tags"])).map(([Key, Value]) => ({ Key, Value })),
    }),
  });
  const deployment = `${id}Deployment${digest(body ?? definition.location, "sha1")}`;
  expansion.resources.set(deployment, {
    Type: "AWS::ApiGateway::Deployment",
    ...attributes,
    Properties: {
      Description: `RestApi deployment id: ${digest(body ?? definition.location, "sha1")}`,
      RestApiId: ref(id),
    },
  });
  const stageResource = stageId(id, stage);
  expansion.resources.set(stageResource, {
    Type: "AWS::ApiGateway::Stage",
    ...attributes,
    Properties: members({
      DeploymentId: ref(deployment),
      RestApiId: ref(id),
      StageName: stage,
      Variables: p["Variables"],
      CacheClusterEnabled: p["CacheClusterEnabled"],
      CacheClusterSize: p["CacheClusterSize"],
      MethodSettings: p["MethodSettings"],
      AccessLogSetting: p["AccessLogSetting"],
      CanarySetting: p["CanarySetting"],
      TracingEnabled: p["TracingEnabled"],
    }),
  });
  expansion.renamed.set(`${id}.Stage`, stageResource);
  expansion.renamed.set(`${id}.Deployment`, deployment);
}

const endpoint = (value: Json | undefined): Json | undefined => {
  if (typeof value === "string") return { Types: [value] };
  if (!isObject(value)) return undefined;
  const { Type, VPCEndpointIds } = value;
  return members({ Types: Type === undefined ? undefined : [Type], VpcEndpointIds: VPCEndpointIds });
};

function definitionOf(
  id: string,
  p: JsonObject,
  expansion: Expansion,
): { readonly body?: JsonObject; readonly location?: JsonObject } {
  if (isObject(p["DefinitionBody"])) return { body: p["DefinitionBody"] };
  if (p["DefinitionUri"] === undefined) return {};
  const location = s3Uri(p["DefinitionUri"], expansion);
  if (!location) throw resourceProblem(id, badUri("DefinitionUri"));
  return { location: members({ Bucket: location.Bucket, Key: location.Key, Version: location.Version }) };
}

export function expandHttpApi(id: string, source: SamResource, expansion: Expansion): void {
  const { Properties: p, attributes } = source;
  const routes = (expansion.routes.get(id) ?? []).filter((route) => route.kind === "http");
  const definition = definitionOf(id, p, expansion);
  const info: JsonObject = { version: "1.0", title: p["Name"] ?? ref("AWS::StackName") };
  const body =
    definition.location === undefined
      ? withRoutes({ openapi: "3.0.1", info, paths: {}, ...definition.body }, routes, httpOperation)
      : undefined;
  expansion.resources.set(id, {
    Type: "AWS::ApiGatewayV2::Api",
    ...attributes,
    Properties: members({
      Body: body,
      BodyS3Location: definition.location,
      CorsConfiguration: isObject(p["CorsConfiguration"]) ? p["CorsConfiguration"] : undefined,
      Description: p["Description"],
      FailOnWarnings: p["FailOnWarnings"],
      DisableExecuteApiEndpoint: p["DisableExecuteApiEndpoint"],
    }),
  });
  const stage = plain(p["StageName"], expansion) ?? "$default";
  const stageResource = stage === "$default" ? `${id}ApiGatewayDefaultStage` : stageId(id, stage);
  expansion.resources.set(stageResource, {
    Type: "AWS::ApiGatewayV2::Stage",
    ...attributes,
    Properties: members({
      ApiId: ref(id),
      StageName: stage,
      AutoDeploy: true,
      AccessLogSettings: p["AccessLogSettings"],
      DefaultRouteSettings: p["DefaultRouteSettings"],
      RouteSettings: p["RouteSettings"],
      StageVariables: p["StageVariables"],
      Tags: { "httpapi:createdBy": "SAM", ...object(p["Tags"]) },
    }),
  });
  expansion.renamed.set(`${id}.Stage`, stageResource);
}
