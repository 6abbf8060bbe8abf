/**
 * Reads the resource policies and trust policies of a resource. Types with a flat form of a statement, such as a
 * permission of a function, are read as the policy that they make.
 */
import { isObject, type PlainObject, type PlainValue } from "#release/document/template-document.ts";
import { policyProperties, trustProperties } from "./policy-properties.ts";
import type { ReadResource } from "./resources.ts";
import type { Scope } from "./scope.ts";
import { textOf } from "./seen.ts";
import { propertyValues, valuesOf } from "./values.ts";
import { type FoundPolicy, writtenPolicies } from "./written-policies.ts";

export const trustPoliciesOf = (resource: ReadResource, scope: Scope): readonly FoundPolicy[] =>
  policiesAt(resource, trustProperties[resource.type] ?? [], scope);

export function resourcePoliciesOf(resource: ReadResource, scope: Scope): readonly FoundPolicy[] {
  const { type, properties } = resource;
  // In a VPC the network decides who reaches the domain, and AWS documents an open policy for it.
  if (
    /^AWS::(OpenSearchService|Elasticsearch)::Domain$/.test(type) &&
    valuesOf(properties["VPCOptions"], scope).length > 0
  )
    return [];
  const flat = Object.hasOwn(flatForms, type) ? flatForms[type]?.(properties, scope) : undefined;
  const made = flat === undefined ? [] : [{ property: "Principal", policy: { value: flat } }];
  const known = policyProperties[type] ?? [];
  return [
    ...made,
    ...policiesAt(resource, known, scope),
    ...writtenPolicies(resource, scope, [...known, ...(trustProperties[type] ?? [])]),
  ];
}

const policiesAt = (
  { properties }: ReadResource,
  paths: readonly string[],
  scope: Scope,
): readonly FoundPolicy[] =>
  paths.flatMap((property) =>
    propertyValues(properties, property, scope).map((policy) => ({ property, policy })),
  );

type Flat = (properties: PlainObject, scope: Scope) => PlainObject | undefined;

const flatForms: Readonly<Record<string, Flat>> = {
  "AWS::Lambda::Permission": (properties, scope) => {
    if (opensUrl(properties, scope)) return undefined;
    const { Principal, Action, PrincipalOrgID, SourceAccount, SourceArn } = properties;
    return statement(Principal, Action, {
      StringEquals: { "aws:PrincipalOrgID": PrincipalOrgID, "aws:SourceAccount": SourceAccount },
      ArnLike: { "aws:SourceArn": SourceArn },
    });
  },
  "AWS::Lambda::LayerVersionPermission": ({ Principal, Action, OrganizationId }) =>
    statement(Principal, Action, { StringEquals: { "aws:PrincipalOrgID": OrganizationId } }),
  "AWS::Events::EventBusPolicy": ({ Principal, Action, Condition }) => {
    if (Principal === undefined) return undefined;
    const { Type, Key, Value } = (Condition ?? {}) as PlainObject;
    return statement(Principal, Action, { [String(Type)]: { [String(Key)]: Value } });
  },
  "AWS::EC2::VPCEndpointServicePermissions": ({ AllowedPrincipals }) => admitted(AllowedPrincipals),
  "AWS::LakeFormation::Permissions": ({ DataLakePrincipal }) => admitted(lakePrincipal(DataLakePrincipal)),
  "AWS::LakeFormation::PrincipalPermissions": ({ Principal }) => admitted(lakePrincipal(Principal)),
  "AWS::RAM::ResourceShare": ({ Principals }) => admitted(Principals),
  "AWS::Redshift::EndpointAuthorization": ({ Account }) => admitted(Account),
  "AWS::ServiceCatalog::PortfolioShare": ({ AccountId }) => admitted(AccountId),
};

/** Types that name principals and no actions. */
const admitted = (principals: PlainValue | undefined): PlainObject | undefined =>
  principals === undefined ? undefined : statement(principals, "*", {});

/** The group of all principals that IAM policies of the own account admit. */
const ownGroup = "IAM_ALLOWED_PRINCIPALS";

function lakePrincipal(principal: PlainValue | undefined): PlainValue | undefined {
  const named = isObject(principal) ? principal["DataLakePrincipalIdentifier"] : principal;
  return named === ownGroup ? undefined : named;
}

/** A permission for calls of a function's URL without authorization; the rule on URLs judges it. */
export function opensUrl(properties: PlainObject, scope: Scope): boolean {
  const types = valuesOf(properties["FunctionUrlAuthType"], scope).map(textOf);
  const viaUrl = valuesOf(properties["InvokedViaFunctionUrl"], scope).map(textOf);
  return types.includes("NONE") || viaUrl.includes("true");
}

type Given = Readonly<Record<string, Readonly<Record<string, PlainValue | undefined>>>>;

const statement = (
  principal: PlainValue | undefined,
  action: PlainValue | undefined,
  conditions: Given,
): PlainObject => ({
  Effect: "Allow",
  Principal: { AWS: principal ?? "*" },
  Action: action ?? "*",
  Condition: Object.fromEntries(
    Object.entries(conditions).map(([operator, keys]) => [
      operator,
      Object.fromEntries(
        Object.entries(keys).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
      ) as PlainObject,
    ]),
  ),
});
