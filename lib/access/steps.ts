/** Derives an attacker's steps: the principals that a caller becomes or controls by a call. */
import { roles } from "#release/names/deployed-names.ts";
import type { DeployedEstate } from "./deployed-estate.ts";
import type { Probe } from "./relation.ts";

/** `to`: the id of the actor whose rights are gained. */
export type Step = { readonly probe: Probe; readonly to: string; readonly how: string };

const rights = new Set(
  "PutRolePolicy AttachRolePolicy UpdateAssumeRolePolicy DeleteRolePermissionsBoundary PutRolePermissionsBoundary"
    .split(" ")
    .map((name) => `iam:${name}`),
);
const stackChanges = new Set(
  "CreateStack UpdateStack CreateChangeSet ExecuteChangeSet"
    .split(" ")
    .map((name) => `cloudformation:${name}`),
);
const stackRoles: Readonly<Record<string, string>> = {
  "a pipeline's stack": roles.pipelineStack,
  "an application's stack": roles.cloudformation,
  "a product's stack": roles.launch,
};
const code = new Set(["lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration"]);
const builds = new Set(["codebuild:UpdateProject", "codebuild:StartBuild"]);

/** The calls by which a service runs code or a workflow as the role that was passed to it. */
const starters: Readonly<Record<string, RegExp>> = {
  "lambda.amazonaws.com": /^lambda:(CreateFunction|UpdateFunctionConfiguration)$/,
  "cloudformation.amazonaws.com": /^cloudformation:(CreateStack|UpdateStack|CreateChangeSet)$/,
  "codepipeline.amazonaws.com": /^codepipeline:(CreatePipeline|UpdatePipeline)$/,
  "codebuild.amazonaws.com": /^codebuild:(CreateProject|UpdateProject)$/,
  "events.amazonaws.com": /^events:PutTargets$/,
  "states.amazonaws.com": /^states:(CreateStateMachine|UpdateStateMachine)$/,
  "scheduler.amazonaws.com": /^scheduler:(CreateSchedule|UpdateSchedule)$/,
  "pipes.amazonaws.com": /^pipes:(CreatePipe|UpdatePipe)$/,
};

/** The steps that a caller with these calls can take. */
export function stepsFrom(calls: readonly Probe[], estate: DeployedEstate): readonly Step[] {
  return calls.flatMap((probe): readonly Step[] => {
    const { action, resource, variant, actor } = probe;
    const roleHere = (name: string) => `arn:aws:iam::${resource.account}:role/${name}`;
    if (variant.secure === false) return [];
    if (action === "sts:AssumeRole") return [{ probe, to: resource.arn, how: "assumes the role" }];
    if (rights.has(action)) return [{ probe, to: resource.arn, how: "changes the rights of the role" }];
    if (action === "iam:CreateRole" && variant.label !== "with the boundary")
      return [
        { probe, to: `arn:aws:iam::${resource.account}:root`, how: "creates a role without a boundary" },
      ];
    if (action === "iam:CreateRole" && actor.name === roles.cloudformation)
      return [{ probe, to: resource.arn, how: "its template creates a role" }];
    if (action === "iam:PassRole") {
      const starter = starters[variant.label.replace("to ", "")];
      return calls.some((each) => starter?.test(each.action))
        ? [{ probe, to: resource.arn, how: `lets ${variant.label.replace("to ", "")} run as the role` }]
        : [];
    }
    if (code.has(action) || builds.has(action)) {
      const made = estate.resources.find(({ arn }) => arn === resource.arn);
      const role = made?.properties["Role"] ?? made?.properties["ServiceRole"];
      return typeof role === "string" ? [{ probe, to: role, how: "runs its own code there" }] : [];
    }
    const stackRole = stackChanges.has(action) ? stackRoles[resource.kind] : undefined;
    return stackRole === undefined
      ? []
      : [{ probe, to: roleHere(stackRole), how: "changes the stack as this role" }];
  });
}
