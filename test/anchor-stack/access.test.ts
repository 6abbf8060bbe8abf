import { evaluate } from "@kedge/local-cloud/iam/evaluate";
import { parsePolicy } from "@kedge/local-cloud/iam/policy-document";
import { requestContext } from "@kedge/local-cloud/iam/request-context";
import { subjectOf } from "@kedge/local-cloud/iam/subject";
import type { RoleSession } from "@kedge/local-cloud/kernel/principal";
import { expect, it } from "vitest";
import {
  anchor,
  central,
  inAnchor,
  makeStacks,
  type Resource,
  region,
  resolveIn,
  templateOf,
} from "#test/support/stacks.ts";

const bank = "121212121212";
const target = "222222222222";
const stacks = makeStacks([anchor, bank]);
const inCentral = resolveIn(templateOf(stacks["control-plane"]), {
  ...inAnchor([]),
  "AWS::AccountId": central,
  Artifacts: `kedge-artifacts-${central}-${region}`,
});
const inTheAnchor = resolveIn(templateOf(stacks.anchor), inAnchor([target]));
const inTheTarget = resolveIn(templateOf(stacks.target), { ...inAnchor([]), "AWS::AccountId": target });

const artifacts = `arn:aws:s3:::kedge-artifacts-${central}-${region}`;
const registry = `arn:aws:s3:::kedge-registry-${central}-${region}`;
const cache = `arn:aws:s3:::kedge-cache-${anchor}-${region}`;
const appRole = `arn:aws:iam::${target}:role/kedge-app-dev-shop-main-Role`;
const boundary = `arn:aws:iam::${target}:policy/kedge-app-boundary`;

type Where = { readonly account: string; readonly resources: Readonly<Record<string, Resource>> };
const locations: Readonly<Record<string, Where>> = {
  central: { account: central, resources: inCentral },
  anchor: { account: anchor, resources: inTheAnchor },
  target: { account: target, resources: inTheTarget },
};

const named = (name: string, document: unknown) => ({
  name,
  document: parsePolicy(JSON.stringify(document)),
});

/**
 * Bucket policies by the bucket's ARN. GetAtt of a bucket resolves to the name of the bucket alone in the
 * statement on TLS.
 */
const policies: Readonly<Record<string, readonly [account: string, policy: unknown]>> = {
  [artifacts]: [central, inCentral["ArtifactsPolicy"]?.Properties["PolicyDocument"]],
  [registry]: [central, inCentral["RegistryPolicy"]?.Properties["PolicyDocument"]],
  [cache]: [anchor, inTheAnchor["CachePolicy"]?.Properties["PolicyDocument"]],
};

/** The inline policies of a role and the managed policies of its stack, whose references resolve to `<id>`. */
const documentsOf = ({ Properties }: Resource, resources: Where["resources"]): readonly unknown[] => [
  ...(Properties["Policies"] as readonly { readonly PolicyDocument: unknown }[]).map(
    ({ PolicyDocument }) => PolicyDocument,
  ),
  ...((Properties["ManagedPolicyArns"] ?? []) as readonly string[]).map(
    (reference) => resources[reference.slice(1, -1)]?.Properties["PolicyDocument"],
  ),
];

/** The policy of a role that no stack of Kedge has: an application's, under the boundary, or a handler's. */
const everything = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: ["*"], Resource: ["*"] }],
};

/** A bucket's ARN has no account. */
const accountIn = (arn: string): string | undefined => /:(\d{12}):/.exec(arn)?.[1];

type Context = Readonly<Record<string, string | readonly string[]>>;

function may(
  location: string,
  roleName: string,
  action: string,
  resource: string,
  context: Context = {},
): boolean {
  const { account, resources } = locations[location] as Where;
  const role = Object.values(resources).find(({ Properties }) => Properties["RoleName"] === roleName);
  const principal: RoleSession = {
    kind: "role",
    account,
    arn: `arn:aws:sts::${account}:assumed-role/${roleName}/session`,
    roleArn: `arn:aws:iam::${account}:role/${roleName}`,
    roleName,
    sessionName: "session",
    userId: "AROAEXAMPLE:session",
    sessionPolicies: [],
    tags: {},
  };
  const bucket = resource.split("/")[0] ?? "";
  const [owner, policy] = policies[bucket] ?? [account, undefined];
  const made = role === undefined ? [everything] : documentsOf(role, resources);
  const capped = role?.Properties["PermissionsBoundary"] !== undefined || roleName.startsWith("kedge-app-");
  const { allowed } = evaluate(
    {
      identity: made.map((document) => named(roleName, document)),
      resource: policy === undefined ? undefined : named("bucket", policy),
      boundary: capped ? named("boundary", resources["Boundary"]?.Properties["PolicyDocument"]) : undefined,
    },
    {
      action,
      resource,
      resourceAccount: owner,
      subject: subjectOf(principal),
      context: requestContext({
        principal,
        request: { action, resource, context },
        resourceAccount: accountIn(resource) ?? owner,
        region,
        now: new Date(0),
        sourceIp: "127.0.0.1",
        secure: true,
        entityTags: {},
        membershipOf: () => undefined,
      }),
    },
  );
  return allowed;
}

type Case = readonly [
  expected: boolean,
  location: string,
  role: string,
  action: string,
  resource: string,
  context?: Context,
];

const letters = "kedge-handler-letters";
const lettersRole = `arn:aws:iam::${target}:role/${letters}`;
const lettersFunction = `arn:aws:lambda:${region}:${target}:function:${letters}`;
const lettersProject = `arn:aws:codebuild:${region}:${target}:project/${letters}`;
const ofAnApplication = "kedge-app-dev-shop-Role";

/** Handlers of the central team: applications call them, and change, pass and enter nothing of them. */
const handlerCases: readonly Case[] = [
  [true, "target", ofAnApplication, "lambda:InvokeFunction", lettersFunction],
  [false, "target", ofAnApplication, "lambda:UpdateFunctionCode", lettersFunction],
  [false, "target", ofAnApplication, "lambda:UpdateFunctionConfiguration", lettersFunction],
  [false, "target", ofAnApplication, "lambda:AddPermission", lettersFunction],
  [false, "target", ofAnApplication, "lambda:DeleteFunction", `${lettersFunction}:1`],
  [
    true,
    "target",
    ofAnApplication,
    "lambda:UpdateFunctionCode",
    `${lettersFunction}-`.replace("handler", "app"),
  ],
  [false, "target", "kedge-cloudformation", "lambda:UpdateFunctionCode", lettersFunction],
  [false, "target", "kedge-cloudformation", "lambda:AddPermission", lettersFunction],
  [true, "target", ofAnApplication, "codebuild:StartBuild", lettersProject],
  [true, "target", ofAnApplication, "codebuild:BatchGetBuilds", lettersProject],
  [false, "target", ofAnApplication, "codebuild:UpdateProject", lettersProject],
  [false, "target", ofAnApplication, "codebuild:RetryBuild", lettersProject],
  ...[
    "source.buildspec",
    "source.location",
    "serviceRole",
    "environment.image",
    "secondarySources",
    "cache",
  ].map(
    (member): Case => [
      false,
      "target",
      ofAnApplication,
      "codebuild:StartBuild",
      lettersProject,
      { [`codebuild:${member}`]: "true" },
    ],
  ),
  ...[["KEDGE_ACTION"], ["KEDGE_ACTION", "BASH_ENV"]].map(
    (names): Case => [
      names.length === 1,
      "target",
      ofAnApplication,
      "codebuild:StartBuild",
      lettersProject,
      { "codebuild:environment.environmentVariables.name": names },
    ],
  ),
  ...[ofAnApplication, "kedge-cloudformation"].flatMap((role): readonly Case[] => [
    [false, "target", role, "iam:UpdateAssumeRolePolicy", lettersRole],
    [false, "target", role, "iam:PassRole", lettersRole, { "iam:PassedToService": "lambda.amazonaws.com" }],
    [false, "target", role, "iam:CreateRole", lettersRole, { "iam:PermissionsBoundary": boundary }],
    [false, "target", role, "sts:AssumeRole", lettersRole],
  ]),
  [true, "target", letters, "s3:GetObjectVersion", `${cache}/parts/0123.zip`],
  [true, "target", letters, "s3:GetObject", `${cache}/kedge-line-shop/Prepared_d/abc`],
  [false, "target", letters, "s3:PutObject", `${cache}/kedge-line-shop/Plan_dev/abc`],
  [false, "target", "another-role", "s3:GetObject", `${cache}/parts/0123.zip`],
];

const cases: readonly Case[] = [
  [true, "anchor", "kedge-ci", "s3:PutObject", `${artifacts}/${anchor}/shop/main/latest.zip`],
  [false, "anchor", "kedge-ci", "s3:PutObject", `${artifacts}/${bank}/shop/main/latest.zip`],
  [false, "anchor", "kedge-ci", "s3:PutObject", `${artifacts}/results/${anchor}/shop/main/latest.json`],
  [false, "anchor", "kedge-ci", "s3:GetObject", `${artifacts}/${anchor}/shop/main/latest.zip`],
  [true, "anchor", "kedge-ci", "s3:GetObject", `${artifacts}/results/${anchor}/shop/main/latest.json`],
  [false, "anchor", "kedge-ci", "s3:GetObject", `${artifacts}/results/${bank}/shop/main/latest.json`],
  [true, "anchor", "kedge-ci", "s3:ListBucket", artifacts, { "s3:prefix": `results/${anchor}/shop/` }],
  [false, "anchor", "kedge-ci", "s3:ListBucket", artifacts, { "s3:prefix": `results/${bank}/` }],
  [false, "anchor", "kedge-ci", "s3:ListBucket", artifacts],
  [true, "anchor", "kedge-reconcile", "s3:GetObjectVersion", `${artifacts}/${anchor}/shop/main/latest.zip`],
  [false, "anchor", "kedge-reconcile", "s3:GetObjectVersion", `${artifacts}/${bank}/shop/main/latest.zip`],
  [true, "anchor", "kedge-reconcile", "s3:PutObject", `${artifacts}/results/${anchor}/shop/main/latest.json`],
  [false, "anchor", "kedge-reconcile", "s3:PutObject", `${artifacts}/${anchor}/shop/main/latest.zip`],
  [
    false,
    "anchor",
    "kedge-reconcile",
    "s3:DeleteObjectVersion",
    `${artifacts}/${anchor}/shop/main/latest.zip`,
  ],
  [true, "anchor", "kedge-reconcile", "s3:GetObject", `${registry}/estate/estate.yml`],
  [true, "anchor", "kedge-observe", "s3:ListBucket", artifacts, { "s3:prefix": `${anchor}/` }],
  [true, "anchor", "kedge-package", "s3:PutObject", `${cache}/parts/0123.zip`],
  [false, "anchor", "kedge-package", "s3:PutObject", `${cache}/lines/shop/release.zip`],
  [true, "anchor", "kedge-pipeline", "s3:PutObject", `${cache}/kedge-line-shop/Release/abc`],
  [true, "anchor", "kedge-smoke-test", "s3:GetObject", `${cache}/kedge-line-shop/SmokeInput/abc`],
  [false, "anchor", "kedge-smoke-test", "s3:GetObject", `${cache}/kedge-line-shop/Prepared_p/abc`],
  [true, "anchor", "kedge-prepare", "sts:AssumeRole", `arn:aws:iam::${target}:role/kedge-deploy`],
  [false, "anchor", "kedge-prepare", "sts:AssumeRole", `arn:aws:iam::333333333333:role/kedge-deploy`],
  [false, "anchor", "kedge-prepare", "sts:AssumeRole", `arn:aws:iam::${target}:role/kedge-cloudformation`],
  [
    true,
    "anchor",
    "kedge-reconcile",
    "cloudformation:CreateStack",
    `arn:aws:cloudformation:${region}:${anchor}:stack/kedge-line-shop/id`,
  ],
  [
    false,
    "anchor",
    "kedge-reconcile",
    "cloudformation:DeleteStack",
    `arn:aws:cloudformation:${region}:${anchor}:stack/SC-${anchor}-pp-1/id`,
  ],
  [
    true,
    "anchor",
    "kedge-reconcile",
    "iam:PassRole",
    `arn:aws:iam::${anchor}:role/kedge-pipeline-stack`,
    { "iam:PassedToService": "cloudformation.amazonaws.com" },
  ],
  [
    false,
    "anchor",
    "kedge-reconcile",
    "iam:PassRole",
    `arn:aws:iam::${anchor}:role/kedge-pipeline-stack`,
    { "iam:PassedToService": "lambda.amazonaws.com" },
  ],
  [
    true,
    "anchor",
    "kedge-approver",
    "codepipeline:PutApprovalResult",
    `arn:aws:codepipeline:${region}:${anchor}:kedge-line-shop/prod/Approve`,
  ],
  [
    false,
    "anchor",
    "kedge-approver",
    "codepipeline:PutApprovalResult",
    `arn:aws:codepipeline:${region}:${anchor}:foreign/prod/Approve`,
  ],
  [true, "central", "kedge-route", "s3:PutObject", `${artifacts}/results/999999999999/x/1.json`],
  [false, "central", "kedge-route", "s3:GetObject", `${artifacts}/${anchor}/shop/main/latest.zip`],
  [true, "target", "kedge-cloudformation", "s3:GetObject", `${cache}/parts/0123.zip`],
  [false, "target", "kedge-cloudformation", "s3:GetObject", `${cache}/lines/shop/release.zip`],
  [true, "target", "kedge-deploy", "s3:GetObject", `${cache}/kedge-line-shop/Prepared_d/abc`],
  [
    true,
    "target",
    "kedge-cloudformation",
    "lambda:CreateFunction",
    `arn:aws:lambda:${region}:${target}:function:kedge-app-dev-shop-Fn`,
  ],
  [
    false,
    "target",
    "kedge-cloudformation",
    "lambda:CreateFunction",
    `arn:aws:lambda:eu-west-1:${target}:function:kedge-app-dev-shop-Fn`,
  ],
  [
    true,
    "target",
    "kedge-cloudformation",
    "iam:CreateRole",
    appRole,
    { "iam:PermissionsBoundary": boundary },
  ],
  [false, "target", "kedge-cloudformation", "iam:CreateRole", appRole],
  [
    false,
    "target",
    "kedge-cloudformation",
    "iam:CreateRole",
    `arn:aws:iam::${target}:role/admin`,
    { "iam:PermissionsBoundary": boundary },
  ],
  [
    false,
    "target",
    "kedge-cloudformation",
    "iam:PutRolePolicy",
    `arn:aws:iam::${target}:role/kedge-deploy`,
    { "iam:PermissionsBoundary": boundary },
  ],
  [
    true,
    "target",
    "kedge-cloudformation",
    "iam:PassRole",
    appRole,
    { "iam:PassedToService": "lambda.amazonaws.com" },
  ],
  [
    false,
    "target",
    "kedge-cloudformation",
    "iam:PassRole",
    appRole,
    { "iam:PassedToService": "ec2.amazonaws.com" },
  ],
  [
    false,
    "target",
    "kedge-cloudformation",
    "events:DeleteRule",
    `arn:aws:events:${region}:${target}:rule/kedge-forward`,
  ],
  [
    true,
    "target",
    "kedge-cloudformation",
    "events:PutRule",
    `arn:aws:events:${region}:${target}:rule/kedge-app-dev-shop-Every`,
  ],
  [false, "target", "kedge-cloudformation", "iam:CreatePolicyVersion", boundary],
  [
    true,
    "target",
    "kedge-deploy",
    "cloudformation:CreateChangeSet",
    `arn:aws:cloudformation:${region}:aws:transform/Serverless-2016-10-31`,
  ],
];

for (const [expected, location, role, action, resource, context] of [...cases, ...handlerCases]) {
  it(`${role} of the ${location} ${expected ? "may" : "may not"} call ${action} on ${resource} ${context ? JSON.stringify(context) : ""}`, () => {
    expect(may(location, role, action, resource, context)).toBe(expected);
  });
}
