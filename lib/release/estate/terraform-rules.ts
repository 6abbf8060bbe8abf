/**
 * The estate's rules for Terraform configurations: build images, providers, IAM actions, and whether a plan
 * may be made before the approval. A team's settings can only narrow them.
 */
import { described, flag, listOf, object, optional, text } from "#release/document/shape.ts";
import { terraformImage } from "#release/names/deployed-names.ts";

export type TerraformRules = {
  /** Build images. The first makes the plans before an approval. */
  readonly images: readonly string[];
  /** Addresses of providers: `hashicorp/aws`, or with a registry's host before it. */
  readonly providers: readonly string[];
  /** IAM actions that a configuration may use after the approval, with `*` as wildcard. */
  readonly actions: readonly string[];
  readonly planBeforeApproval: boolean;
};

/**
 * The services of kedge-app-boundary, without CloudFormation: its stacks belong to Kedge. A test compares this
 * list with the boundary.
 */
const services = [
  ...["apigateway", "cloudfront", "cloudwatch", "dynamodb", "ecs", "elasticloadbalancing"],
  ...["events", "execute-api", "kinesis", "kms", "lambda", "logs", "pipes", "s3", "scheduler"],
  ...["secretsmanager", "servicediscovery", "sns", "sqs", "ssm", "states"],
];

/** The actions on roles that the boundary allows, and no other action of IAM. */
const onRoles = [
  ...["AttachRolePolicy", "CreateRole", "DeleteRole", "DeleteRolePolicy", "DetachRolePolicy", "GetRole"],
  ...["GetRolePolicy", "ListAttachedRolePolicies", "ListRolePolicies", "PassRole"],
  ...["PutRolePermissionsBoundary", "PutRolePolicy", "TagRole", "UntagRole", "UpdateAssumeRolePolicy"],
  ...["UpdateRole", "UpdateRoleDescription"],
];

export const defaultTerraform: TerraformRules = {
  images: [terraformImage],
  providers: ["hashicorp/aws"],
  actions: [
    ...services.map((service) => `${service}:*`),
    ...onRoles.map((action) => `iam:${action}`),
    "ec2:Describe*",
    "xray:*",
  ],
  planBeforeApproval: true,
};

const image = text("an image of a registry, not one of aws/codebuild/", /^(?!aws\/codebuild\/)\S+$/);
const provider = text("a provider such as hashicorp/aws", /^([a-z0-9.-]+\/)?[a-z0-9_-]+\/[a-z0-9_-]+$/);
const action = text("an IAM action such as sqs:*", /^(\*|[a-z0-9-]+:[A-Za-z0-9*]+)$/);

export const terraformShape = object({
  images: optional(
    described(
      `Build images that teams may choose; the first makes the plans before an approval. Default: ${terraformImage}.`,
      listOf(image, 1),
    ),
  ),
  providers: optional(
    described("Providers that configurations may use. Default: hashicorp/aws.", listOf(provider, 1)),
  ),
  actions: optional(
    described(
      "IAM actions that a configuration may use after the approval; its settings can only narrow them. Default: the services of the boundary, and of IAM what makes and changes roles.",
      listOf(action, 1),
    ),
  ),
  planBeforeApproval: optional(
    described(
      "Without it no plan is made before the approval; plan and apply follow it. Default: true.",
      flag(),
    ),
  ),
});

/** True if a pattern of the list contains the whole wanted pattern. `*` is the only wildcard. */
export const covers = (patterns: readonly string[], wanted: string): boolean =>
  patterns.some((pattern) =>
    new RegExp(`^${pattern.replace(/[\\^$.+?()[\]{}|]/g, "\\$&").replaceAll("*", ".*")}$`, "i").test(wanted),
  );
