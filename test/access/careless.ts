/** Lists mistaken changes of policies. Some allow a call. Others allow none, because another policy denies it. */
import type { JsonObject } from "@kedge/local-cloud/cloudformation/json";
import { type DeployedEstate, type Statement, strings } from "#access/deployed-estate.ts";
import type { Overrides } from "#access/document-reader.ts";
import { edited } from "./reported.ts";

type Change = {
  readonly says: string;
  /** The invariant that reports it. */
  readonly invariant: string;
  readonly of: (estate: DeployedEstate) => Overrides;
};

const has = ({ Effect, Action }: Statement, action: string): boolean =>
  Effect === "Allow" && strings(Action).includes(action);
const more = (statement: Statement, member: "Action" | "Resource", name: string): Statement => ({
  ...statement,
  [member]: [...strings(statement[member]), name],
});

export const carelessChanges: readonly Change[] = [
  {
    says: "applications may enter application roles of any account",
    invariant: "accounts-apart",
    of: (estate) =>
      edited(estate, "target/Boundary/boundary", (each) =>
        has(each, "sts:AssumeRole") ? { ...each, Resource: "arn:aws:iam::*:role/kedge-app-*" } : each,
      ),
  },
  {
    says: "kedge-deploy may be entered by any role named kedge-*",
    invariant: "accounts-apart",
    of: (estate) =>
      edited(estate, "target/DeployRole/trust", (each) => {
        const [first = ""] = strings((each["Principal"] as JsonObject)["AWS"]);
        const any = `${first.replace(/:root$/, "")}:role/kedge-*`;
        return { ...each, Condition: { ArnLike: { "aws:PrincipalArn": [any] } } };
      }),
  },
  {
    says: "applications may change the boundary itself",
    invariant: "boundary-holds",
    of: (estate) =>
      edited(estate, "target/Boundary/boundary", (each) =>
        has(each, "sts:AssumeRole")
          ? {
              ...each,
              Action: ["sts:AssumeRole", "iam:CreatePolicyVersion"],
              Resource: [...strings(each["Resource"]), "arn:aws:iam::*:policy/kedge-app-boundary"],
            }
          : each,
      ),
  },
  {
    says: "results may be written by the Lambda kedge-smoke",
    invariant: "no-idle-grants",
    of: (estate) =>
      edited(estate, "control-plane/ArtifactsPolicy/resource", (each) =>
        each["Sid"] === "RecordsAreWritten"
          ? {
              ...each,
              Condition: {
                ...(each["Condition"] as object),
                ArnNotEquals: {
                  "aws:PrincipalArn": ["kedge-reconcile", "kedge-smoke"].map(
                    (name) => `arn:aws:iam::\${aws:PrincipalAccount}:role/${name}`,
                  ),
                },
              },
            }
          : each,
      ),
  },
  {
    says: "the deploy role may write parts",
    invariant: "no-idle-grants",
    of: (estate) =>
      edited(estate, "target/DeployRole/identity", (each) =>
        has(each, "s3:GetObject") && strings(each["Resource"]).some((arn) => arn.includes("/parts/"))
          ? more(each, "Action", "s3:PutObject")
          : each,
      ),
  },
  {
    says: "the operator may read uploads",
    invariant: "no-idle-grants",
    of: (estate) =>
      edited(estate, "anchor/OperatorRole/identity", (each) => {
        const [results] = strings(each["Resource"]).filter((arn) => arn.includes("/results/"));
        return has(each, "s3:GetObject") && results !== undefined
          ? more(each, "Resource", results.replace("/results/", "/"))
          : each;
      }),
  },
  {
    says: "a Lambda may run as the approver",
    invariant: "people-decide",
    of: (estate) =>
      edited(estate, "anchor/ApproverRole/trust", (each) => ({
        ...each,
        Principal: { Service: "lambda.amazonaws.com" },
      })),
  },
  {
    says: "a line's smoke role may get another boundary",
    invariant: "boundary-holds",
    of: (estate) =>
      granted(
        estate,
        "anchor/PipelineStackRole/identity",
        "iam:PutRolePermissionsBoundary",
        "arn:aws:iam::*:role/kedge-app-*-smoke",
      ),
  },
  {
    says: "kedge-pipeline may answer approvals",
    invariant: "people-decide",
    of: (estate) => onStages(estate, "anchor/PipelineRole/identity", "codepipeline:PutApprovalResult"),
  },
  {
    says: "kedge-operator may override the condition of a stage",
    invariant: "capabilities-held",
    of: (estate) => onStages(estate, "anchor/OperatorRole/identity", "codepipeline:OverrideStageCondition"),
  },
  {
    says: "kedge-sweep may do with a stage each call whose name begins with R",
    invariant: "capabilities-held",
    of: (estate) => onStages(estate, "anchor/SweepRole/identity", "codepipeline:R*"),
  },
  {
    says: "kedge-execute may start executions",
    invariant: "capabilities-held",
    of: (estate) => onStages(estate, "anchor/ExecuteRole/identity", "codepipeline:StartPipelineExecution"),
  },
  {
    says: "kedge-package may give each right on the cache that begins with PutBucketP",
    invariant: "exact-calls",
    of: (estate) => granted(estate, "anchor/PackageRole/identity", "s3:PutBucketP*", "arn:aws:s3:::kedge-*"),
  },
];

/** One statement more, in each policy of the source. */
function granted(estate: DeployedEstate, source: string, Action: string, Resource: string): Overrides {
  const policies = [...estate.policies.values()].filter((each) => each.source === source);
  return new Map(
    policies.map(({ key, statements }) => [key, [...statements, { Effect: "Allow", Action, Resource }]]),
  );
}

const onStages = (estate: DeployedEstate, source: string, action: string): Overrides =>
  granted(estate, source, action, "arn:aws:codepipeline:*:*:kedge-line-*");
