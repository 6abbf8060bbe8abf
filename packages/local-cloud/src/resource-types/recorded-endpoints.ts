/** Returns addresses of recorded resources in AWS's form, so that a template that takes them apart works. */
import type { JsonObject } from "#cloud/cloudformation/json.ts";
import { member } from "#cloud/cloudformation/json.ts";

type Owner = {
  readonly id: string;
  readonly properties: JsonObject;
  readonly account: string;
  readonly region: string;
  /** Returns lower-case hexadecimal digits that are the same at each call with this name. */
  readonly draw: (name: string, length: number) => string;
};

/** The forms are those of the return values in the CloudFormation Template Reference, page of each type. */
const endpoints: Readonly<Record<string, (owner: Owner) => string>> = {
  "AWS::ApiGatewayV2::Api ApiEndpoint": ({ id, properties, region }) =>
    `${member(properties, "ProtocolType") === "WEBSOCKET" ? "wss" : "https"}://${id}.execute-api.${region}.amazonaws.com`,
  "AWS::ApiGatewayV2::DomainName RegionalDomainName": regionalDomain,
  "AWS::ApiGateway::DomainName RegionalDomainName": regionalDomain,
  "AWS::ApiGateway::DomainName DistributionDomainName": ({ draw }) =>
    `d${draw("distribution", 13)}.cloudfront.net`,
  "AWS::AppSync::GraphQLApi GraphQLUrl": ({ region, draw }) =>
    `https://${draw("graphql", 26)}.appsync-api.${region}.amazonaws.com/graphql`,
  "AWS::AppSync::GraphQLApi RealtimeUrl": ({ region, draw }) =>
    `wss://${draw("graphql", 26)}.appsync-realtime-api.${region}.amazonaws.com/graphql`,
  "AWS::ECR::Repository RepositoryUri": ({ id, account, region }) =>
    `${account}.dkr.ecr.${region}.amazonaws.com/${id}`,
  "AWS::RDS::DBInstance Endpoint.Address": databaseAddress,
  "AWS::RDS::DBCluster Endpoint.Address": ({ id, region, draw }) =>
    `${id.toLowerCase()}.cluster-${draw("rds", 12)}.${region}.rds.amazonaws.com`,
  "AWS::RDS::DBCluster ReadEndpoint.Address": ({ id, region, draw }) =>
    `${id.toLowerCase()}.cluster-ro-${draw("rds", 12)}.${region}.rds.amazonaws.com`,
};

export const recordedEndpoint = (type: string, attribute: string, owner: Owner): string | undefined =>
  endpoints[`${type} ${attribute}`]?.(owner);

function regionalDomain({ region, draw }: Owner): string {
  return `d-${draw("domain", 10)}.execute-api.${region}.amazonaws.com`;
}

function databaseAddress({ id, region, draw }: Owner): string {
  return `${id.toLowerCase()}.${draw("rds", 12)}.${region}.rds.amazonaws.com`;
}
