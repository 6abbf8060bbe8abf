/**
 * Implements the policy simulator: evaluates policies without a call. It ignores service control policies.
 */
import type { EvaluationResult, SimulateCustomPolicyRequest } from "@aws-sdk/client-iam";
import type { RequestContext } from "#cloud/iam/conditions.ts";
import { boundaryPolicy, identityPolicies } from "#cloud/iam/entity-policies.ts";
import { evaluate, type NamedPolicy, type PolicySet } from "#cloud/iam/evaluate.ts";
import type { Entity } from "#cloud/iam/iam-state.ts";
import { parsePolicy } from "#cloud/iam/policy-document.ts";
import type { Subject } from "#cloud/iam/subject.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { type IamCall, type IamOperation, noSuchEntity } from "./operation.ts";
import { page } from "./paging.ts";

export const simulatePrincipalPolicy: IamOperation<"SimulatePrincipalPolicy"> = {
  access: (input) => ({ action: "iam:SimulatePrincipalPolicy", resource: input.PolicySourceArn ?? "*" }),
  run: (input, call) => {
    const entity = sourceEntity(input.PolicySourceArn ?? "", call);
    return simulate(input, call, entity.arn, {
      identity: [...identityPolicies(entity, call.state, parsePolicy), ...listed(input.PolicyInputList)],
      boundary: boundaryPolicy(entity, call.state, parsePolicy),
    });
  },
};

export const simulateCustomPolicy: IamOperation<"SimulateCustomPolicy"> = {
  access: () => ({ action: "iam:SimulateCustomPolicy", resource: "*" }),
  run: (input, call) =>
    simulate(input, call, input.CallerArn ?? `arn:aws:iam::${call.account}:user/simulated`, {
      identity: listed(input.PolicyInputList),
    }),
};

type SimulationRequest = Omit<SimulateCustomPolicyRequest, "PolicyInputList">;

function simulate(input: SimulationRequest, call: IamCall, source: string, policies: PolicySet) {
  const caller = input.CallerArn ?? source;
  const account = caller.split(":")[4] ?? call.account;
  const subject: Subject = {
    name: caller,
    kind: caller.includes(":role/") ? "role" : "user",
    account,
    accountNames: [account, `arn:aws:iam::${account}:root`],
    entityNames: [caller],
    sessionNames: [],
    service: undefined,
    federated: undefined,
  };
  const [boundary] = listed(input.PermissionsBoundaryPolicyInputList);
  const [resourcePolicy] = listed(input.ResourcePolicy === undefined ? [] : [input.ResourcePolicy]);
  const set: PolicySet = { ...policies, resource: resourcePolicy, ...(boundary && { boundary }) };
  const resources = input.ResourceArns?.length ? input.ResourceArns : ["*"];
  const results = (input.ActionNames ?? []).flatMap((action) =>
    resources.map((resource): EvaluationResult => {
      if (!/^[\w-]+:\w+$/.test(action)) throw new AwsError("InvalidInput", `Invalid Action name: ${action}`);
      const owner = input.ResourceOwner?.split(":")[4] ?? resource.split(":")[4];
      const verdict = evaluate(set, {
        action,
        resource,
        subject,
        resourceAccount: owner === undefined || owner === "" ? account : owner,
        context: contextOf(input),
      });
      return {
        EvalActionName: action,
        EvalResourceName: resource,
        EvalDecision: verdict.allowed ? "allowed" : verdict.explicit ? "explicitDeny" : "implicitDeny",
        MatchedStatements: [],
        MissingContextValues: [],
      };
    }),
  );
  const order = (one: EvaluationResult): string => String(results.indexOf(one)).padStart(6, "0");
  const { items, truncation } = page(results, order, input);
  return { EvaluationResults: items, ...truncation };
}

const contextOf = ({ ContextEntries }: SimulationRequest): RequestContext =>
  new Map(
    (ContextEntries ?? []).map(({ ContextKeyName = "", ContextKeyValues = [] }) => [
      ContextKeyName.toLowerCase(),
      ContextKeyValues,
    ]),
  );

const listed = (texts: readonly string[] | undefined = []): readonly NamedPolicy[] =>
  texts.map((text, index) => ({ name: `PolicyInputList.${index + 1}`, document: parsePolicy(text) }));

function sourceEntity(arn: string, { state }: IamCall): Entity {
  const entity = [...state.roles.values(), ...state.users.values()].find((one) => one.arn === arn);
  if (entity === undefined) throw noSuchEntity(`The entity ${arn} cannot be found.`);
  return entity;
}
