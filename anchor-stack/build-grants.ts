/**
 * Defines the grants for builds that deploy: CodeBuild projects of applications that run tools such as
 * Terraform in the target account. CloudFormation creates the projects, pipelines start them, and the builds
 * read and write the anchor's cache.
 */

import { allow, type Grant } from "#constructs/statements.ts";
import { applicationPrefix, cacheKeyAlias, folders, planProject } from "#release/names/deployed-names.ts";
import { here, inAnyRegion, ownRole } from "./arns.ts";
import { handedToBuilds, madeByBuilds } from "./build-artifacts.ts";

const projects = [here("codebuild", `project/${applicationPrefix}*`)];
const ofApplications =
  "The name of a project begins with the name of its application's stack, which has the prefix kedge-app-.";

export const makeProjects: Grant = allow(
  ["CreateProject", "UpdateProject", "DeleteProject"].map((action) => `codebuild:${action}`),
  projects,
  { because: ofApplications },
);

export const runBuilds: Grant = allow(["codebuild:StartBuild", "codebuild:BatchGetBuilds"], projects, {
  because: ofApplications,
});

export const runPlans: Grant = allow(
  ["codebuild:StartBuild", "codebuild:BatchGetBuilds"],
  [here("codebuild", `project/${planProject}`)],
);

const clusters = [here("eks", "cluster/*")];
const ownEntries = [here("eks", `access-entry/*/role/*/${applicationPrefix}*/*`)];
const entryPolicies = ["AmazonEKSEditPolicy", "AmazonEKSAdminPolicy"];
const ofTheTeam = "The clusters belong to the target account, which chooses their names.";

/**
 * A build gets access to one namespace of a cluster, never to the whole cluster, and it can give no other
 * principal access.
 */
export const enterClusters: readonly Grant[] = [
  allow(["eks:CreateAccessEntry"], clusters, {
    when: {
      ArnLike: { "eks:principalArn": ownRole(`${applicationPrefix}*`) },
      Null: { "eks:kubernetesGroups": "true" },
    },
    because: ofTheTeam,
  }),
  allow(["eks:AssociateAccessPolicy"], ownEntries, {
    when: {
      StringEquals: {
        "eks:accessScope": "namespace",
        "eks:policyArn": entryPolicies.map((name) => `arn:aws:eks::aws:cluster-access-policy/${name}`),
      },
      "ForAllValues:StringNotLike": { "eks:namespaces": ["kube-*", "amazon-*"] },
    },
    because: ofTheTeam,
  }),
  allow(["eks:DescribeAccessEntry", "eks:DisassociateAccessPolicy", "eks:DeleteAccessEntry"], ownEntries, {
    because: ofTheTeam,
  }),
];

export const seeClusters: Grant = allow(["eks:DescribeCluster"], clusters, { because: ofTheTeam });

/**
 * For the boundary: a build runs as an application's role, and this is the maximum access of builds and functions to the
 * anchor's cache.
 */
export const capOfBuilds = (cacheArn: string, anchorAccount: string): readonly Grant[] => [
  allow(["codebuild:*"], [inAnyRegion("codebuild", `project/${applicationPrefix}*`)], {
    because: ofApplications,
  }),
  // One statement saves characters of the boundary. The statements above limit CloudFormation further.
  allow(
    ["eks:DescribeCluster", "eks:*AccessEntry", "eks:*AccessPolicy"],
    [inAnyRegion("eks", "cluster/*"), inAnyRegion("eks", `access-entry/*/role/*/${applicationPrefix}*/*`)],
    {
      when: {
        ArnLikeIfExists: { "eks:principalArn": ownRole(`${applicationPrefix}*`) },
        StringEqualsIfExists: { "eks:accessScope": "namespace" },
        Null: { "eks:kubernetesGroups": "true" },
      },
      because: ofTheTeam,
    },
  ),
  allow(
    ["s3:GetObject", "s3:GetObjectVersion"],
    [`${folders.assets}*`, ...handedToBuilds].map((name) => `${cacheArn}/${name}`),
    {
      because:
        "The key of an asset is its SHA-256. CodePipeline gives artifacts random names, and only the build that receives an artifact knows its name.",
    },
  ),
  allow(["s3:PutObject"], [`${cacheArn}/${madeByBuilds}`], {
    because:
      "A build writes its plan under a random name that only this build receives. The pipeline compares the plan's digest before it applies the plan.",
  }),
  allow(["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"], [`arn:aws:kms:*:${anchorAccount}:key/*`], {
    when: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": cacheKeyAlias } },
    because:
      "This template does not know the id of the key, which is in another account. The alias identifies the key.",
  }),
];
