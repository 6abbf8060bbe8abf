/**
 * Resource types without behaviour: they ask IAM for the calls of AWS's handler, and get an id and attributes in AWS's
 * style, from their schema.
 */
import { createHash } from "node:crypto";
import type { Json, JsonObject } from "#cloud/cloudformation/json.ts";
import { member } from "#cloud/cloudformation/json.ts";
import { handlerAccess } from "./handler-access.ts";
import type { HandlerOperation } from "./handlers.ts";
import { spec } from "./known-spec.ts";
import { recordedEndpoint } from "./recorded-endpoints.ts";
import type { Provisioned, ResourceContext, ResourceType } from "./resource-type.ts";
import type { TypeSpec } from "./spec.ts";

type Subject = {
  readonly type: string;
  readonly physicalId: string;
  readonly properties: JsonObject;
  readonly random: string;
  readonly account: string;
  readonly region: string;
};

const hex = (seed: string, length: number): string =>
  createHash("sha256").update(seed).digest("hex").slice(0, length);

/** Returns the property that names resources of this type, e.g. `TableName`. */
const nameProperty = (type: string, known: TypeSpec): string | undefined => {
  const noun = type.split("::").at(-1) ?? "";
  return [...known.identifier, `${noun}Name`, "Name"].find((name) => known.properties[name]?.type === "s");
};

/** Types whose id AWS draws, each with the usual format. */
const drawn: Readonly<Record<string, (seed: string) => string>> = {
  "AWS::ApiGateway::RestApi": (seed) => hex(seed, 10),
  "AWS::ApiGateway::Resource": (seed) => hex(seed, 6),
  "AWS::ApiGateway::Deployment": (seed) => hex(seed, 6),
  "AWS::ApiGatewayV2::Api": (seed) => hex(seed, 10),
  "AWS::EC2::VPC": (seed) => `vpc-${hex(seed, 17)}`,
  "AWS::EC2::Subnet": (seed) => `subnet-${hex(seed, 17)}`,
  "AWS::EC2::SecurityGroup": (seed) => `sg-${hex(seed, 17)}`,
  "AWS::EC2::Instance": (seed) => `i-${hex(seed, 17)}`,
  "AWS::EC2::RouteTable": (seed) => `rtb-${hex(seed, 17)}`,
  "AWS::EC2::InternetGateway": (seed) => `igw-${hex(seed, 17)}`,
  "AWS::CloudFront::Distribution": (seed) => `E${hex(seed, 13).toUpperCase()}`,
};

const fillArn = (template: string, subject: Subject, known: TypeSpec): string => {
  const named = nameProperty(subject.type, known);
  return template.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
    if (name === "Partition") return "aws";
    if (name === "Region") return subject.region;
    if (name === "Account") return subject.account;
    const own = member(subject.properties, name);
    if (typeof own === "string") return own;
    return named === name || !subject.physicalId.startsWith("arn:")
      ? subject.physicalId
      : (subject.physicalId.split(/[:/]/).at(-1) ?? "");
  });
};

const fallbackArn = (subject: Subject): string => {
  const [, service = "", noun = ""] = subject.type.split("::");
  return `arn:aws:${service.toLowerCase()}:${subject.region}:${subject.account}:${noun.toLowerCase()}/${subject.physicalId}`;
};

/** Returns a plausible value for an attribute that no service computes. */
export function recordedAttribute(subject: Subject, name: string): Json | undefined {
  const known = spec.get(subject.type);
  if (!known) return undefined;
  const type = known.attributes[name];
  const property = member(subject.properties, name);
  if (property !== undefined) return property;
  if (known.identifier.length === 1 && known.identifier[0] === name) return subject.physicalId;
  if (type === undefined) return undefined;
  const { physicalId: id, properties, account, region, random } = subject;
  const draw = (seed: string, length: number): string => hex(random + seed, length);
  const endpoint = recordedEndpoint(subject.type, name, { id, properties, account, region, draw });
  if (endpoint !== undefined) return endpoint;
  // A made-up secret would look like a credential that works.
  if (/Secret(?!sManager|Arn)|Password|Credential|PrivateKey|AuthToken/.test(name)) return "recorded-only";
  if (name === "Arn" || name.endsWith("Arn")) {
    return name === "Arn" || name === `${subject.type.split("::").at(-1)}Arn`
      ? known.arn === undefined
        ? fallbackArn(subject)
        : fillArn(known.arn, subject, known)
      : fallbackArn(subject);
  }
  // Templates select from such lists by index, e.g. the network interfaces of an endpoint.
  if (type.startsWith("[s"))
    return ["a", "b", "c"].map((each) => `${subject.physicalId}-${hex(subject.random + name + each, 8)}`);
  if (type.startsWith("[")) return [];
  if (type.startsWith("i") || type.startsWith("n")) return 1;
  if (type.startsWith("b")) return false;
  if (type.startsWith("@") || type.startsWith("{")) return {};
  if (name === "StreamArn") return `${fallbackArn(subject)}/stream/${subject.random}`;
  if (/Url|Endpoint|DomainName/.test(name))
    return `${subject.physicalId.toLowerCase()}.${subject.region}.amazonaws.com`;
  return name === "Id" || name.endsWith("Id")
    ? (drawn[subject.type]?.(subject.random + name) ?? hex(subject.random + name, 10))
    : subject.physicalId;
}

function recordedId(type: string, properties: JsonObject, context: ResourceContext): string {
  const known = spec.get(type);
  const seed = context.token;
  const own = drawn[type];
  if (own) return own(seed);
  const name = known && nameProperty(type, known);
  const given = name === undefined ? undefined : member(properties, name);
  const text = typeof given === "string" ? given : context.name({ max: 64 });
  const [identifier] = known?.identifier ?? [];
  if (known && identifier !== undefined && /Arn$/.test(identifier)) {
    const subject: Subject = {
      type,
      physicalId: text,
      properties,
      random: seed,
      account: context.account,
      region: context.region,
    };
    return known.arn === undefined ? fallbackArn(subject) : fillArn(known.arn, subject, known);
  }
  return text;
}

function askHandler(
  operation: HandlerOperation,
  type: string,
  physicalId: string,
  properties: JsonObject,
  context: ResourceContext,
): void {
  const tags = context.tags.filter(({ Key }) => !Key.startsWith("aws:"));
  const { account, region } = context;
  context.requireAccess(handlerAccess(operation, { type, physicalId, properties, account, region, tags }));
}

/** Creates the resource type of a type without behaviour. It asks IAM as AWS's own handler would. */
export function recordedType(type: string): ResourceType {
  return {
    type,
    create: async (properties, context): Promise<Provisioned> => {
      const physicalId = recordedId(type, properties, context);
      askHandler("create", type, physicalId, properties, context);
      return { physicalId, attributes: {} };
    },
    update: async (physicalId, properties, _previous, context): Promise<Provisioned> => {
      askHandler("update", type, physicalId, properties, context);
      return { physicalId, attributes: {} };
    },
    delete: async (physicalId, properties, context) =>
      askHandler("delete", type, physicalId, properties, context),
    permissions: [],
  };
}
