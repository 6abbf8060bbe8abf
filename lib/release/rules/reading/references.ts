/** Evaluates the parameters, pseudo parameters and resources that `Ref`, `Fn::GetAtt` and `Fn::Sub` name. */
import { isObject, type PlainObject, type PlainValue } from "#release/document/template-document.ts";
import { type Scope, sectionOf } from "./scope.ts";
import { type Doubt, hole, type Seen, unknown } from "./seen.ts";

/** Types whose attributes are arbitrary texts, so that an attribute does not name a resource of the account. */
const arbitrary =
  /^(Custom::|AWS::CloudFormation::|AWS::SSM::Parameter$|AWS::Serverless::Application$)|::MODULE$/;

export function referenceOf(name: string, scope: Scope): readonly Seen[] {
  if (name === "AWS::NoValue") return [];
  const pseudo = pseudoParameter(name, scope);
  if (pseudo !== undefined) return [pseudo];
  const declared = sectionOf(scope.document, "Parameters")[name];
  if (isObject(declared)) return parameterValues(name, declared, scope);
  const type = typeOf(name, scope);
  if (type === undefined) return [unknown(`${name} is not in the template`)];
  if (arbitrary.test(type)) return [unknown(`a ${type} decides its own value`)];
  return [{ ...ownText(hole, type), resource: name, ...(!madeByAws.test(type) && { chosen: true }) }];
}

/**
 * Types whose `Ref` is an ARN or an id that AWS makes, or a name without special characters that no other account
 * has. The `Ref` of other types is a name, and a team may call an alarm `*` (CloudFormation's resource reference,
 * "Return values").
 */
const madeByAws =
  /^AWS::(S3::Bucket|SNS::Topic|SecretsManager::Secret|StepFunctions::StateMachine|CloudFront::|EC2::|KMS::Key|IAM::ManagedPolicy|ApiGateway|EFS::|ElasticLoadBalancingV2::|ECS::(Service|TaskDefinition)|Lambda::(Version|Alias|LayerVersion)|Serverless::(StateMachine|Api|HttpApi|LayerVersion))/;

/** `argument` is the list of a `Fn::GetAtt`, or `resource.attribute`. */
export function attributeOf(argument: PlainValue, scope: Scope): readonly Seen[] {
  const text = Array.isArray(argument) ? (argument as readonly PlainValue[]).join(".") : String(argument);
  const id = text.slice(0, text.indexOf("."));
  const attribute = text.slice(text.indexOf(".") + 1);
  const type = typeOf(id, scope) ?? roleOfFunction(id, scope);
  if (type === undefined) return [unknown(`${id} is not in the template`)];
  if (arbitrary.test(type)) return [unknown(`${text} is a value that a ${type} returns`)];
  if (attribute === "Arn" && (type === "AWS::IAM::Role" || type === "AWS::IAM::User"))
    return [
      ownText(`arn:aws:iam::${scope.account}:${type === "AWS::IAM::Role" ? "role" : "user"}/${hole}`, type),
    ];
  if (/(Arn|ARN|Id)$/.test(attribute)) return [{ ...ownText(hole, type), resource: id }];
  return [unknown(`${text} is known when the stack is deployed`)];
}

const ownText = (value: string, type: string): Seen => ({
  value,
  own: true,
  doubt: { why: `the name of the ${type} is known when the stack is deployed` },
});

function pseudoParameter(name: string, { account, region }: Scope): Seen | undefined {
  switch (name) {
    case "AWS::AccountId":
      return { value: account };
    case "AWS::Region":
      return { value: region };
    case "AWS::Partition":
      return { value: "aws" };
    case "AWS::URLSuffix":
      return { value: "amazonaws.com" };
    default:
      return name.startsWith("AWS::") ? unknown(`${name} is known when the stack is deployed`) : undefined;
  }
}

function parameterValues(name: string, declared: PlainObject, { values, pending }: Scope): readonly Seen[] {
  const type = String(declared["Type"]);
  if (type.startsWith("AWS::SSM::Parameter::Value"))
    return [unknown(`CloudFormation reads the parameter ${name} from the parameter store`)];
  const given = Object.hasOwn(values, name) ? values[name] : undefined;
  const doubt = given === undefined && Object.hasOwn(pending, name) ? pending[name] : undefined;
  if (doubt !== undefined) return [{ value: hole, doubt }];
  const value = given ?? declared["Default"];
  if (value === undefined) return [{ value: hole, doubt: knownLater(name) }];
  const text = Array.isArray(value) ? value.join(",") : String(value);
  if (text.includes("{{resolve:")) return [unknown(`the parameter ${name} is a dynamic reference`)];
  const isList = type === "CommaDelimitedList" || type.startsWith("List<");
  return [{ value: isList ? text.split(",").map((item) => item.trim()) : text }];
}

/** The doubt about a parameter that gets its value when an environment is prepared. */
export const knownLater = (parameter: string): Doubt => ({
  why: `the value of the parameter ${parameter} is known when the environment is prepared`,
  later: true,
});

function typeOf(id: string, { document }: Scope): string | undefined {
  const resource = sectionOf(document, "Resources")[id];
  return isObject(resource) && typeof resource["Type"] === "string" ? resource["Type"] : undefined;
}

/** SAM makes a role `<Function>Role` for a function that names none. */
function roleOfFunction(id: string, scope: Scope): string | undefined {
  const maker = id.endsWith("Role") ? typeOf(id.slice(0, -"Role".length), scope) : undefined;
  return maker === "AWS::Serverless::Function" || maker === "AWS::Serverless::StateMachine"
    ? "AWS::IAM::Role"
    : undefined;
}
