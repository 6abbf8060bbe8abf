/**
 * Derives the IAM actions of a resource type that the copy of AWS's registry lacks: the actions of its service whose
 * name is a verb and the type's noun. A type whose calls have another name is in the table below.
 */
import type { Actions } from "./action-catalog.ts";
import { nounOf, parts, singular, verbs } from "./certain-actions.ts";
import type { TypeSpec } from "./spec.ts";

/** The IAM prefix of services whose CloudFormation name is another (Service Authorization Reference). */
const prefixes: Readonly<Record<string, string>> = {
  ApplicationAutoScaling: "application-autoscaling",
  AppRegistry: "servicecatalog",
  ApiGatewayV2: "apigateway",
  ACMPCA: "acm-pca",
  CertificateManager: "acm",
  Cognito: "cognito-idp",
  DMS: "dms",
  DocDB: "rds",
  EFS: "elasticfilesystem",
  ElasticLoadBalancingV2: "elasticloadbalancing",
  Elasticsearch: "es",
  EMR: "elasticmapreduce",
  KinesisFirehose: "firehose",
  MSK: "kafka",
  Neptune: "rds",
  OpenSearchService: "es",
  StepFunctions: "states",
  Timestream: "timestream",
  WAFRegional: "waf-regional",
};

/** Calls that do not bear the name of their resource type (EC2, IAM, Route 53 API References). */
const otherNames: Readonly<
  Record<string, readonly [create: string, update: string | undefined, remove: string]>
> = {
  "AWS::EC2::EIP": ["ec2:AllocateAddress", undefined, "ec2:ReleaseAddress"],
  "AWS::EC2::EIPAssociation": ["ec2:AssociateAddress", undefined, "ec2:DisassociateAddress"],
  "AWS::EC2::Instance": ["ec2:RunInstances", "ec2:ModifyInstanceAttribute", "ec2:TerminateInstances"],
  "AWS::EC2::SecurityGroupEgress": [
    "ec2:AuthorizeSecurityGroupEgress",
    "ec2:ModifySecurityGroupRules",
    "ec2:RevokeSecurityGroupEgress",
  ],
  "AWS::EC2::SecurityGroupIngress": [
    "ec2:AuthorizeSecurityGroupIngress",
    "ec2:ModifySecurityGroupRules",
    "ec2:RevokeSecurityGroupIngress",
  ],
  "AWS::EC2::SpotFleet": [
    "ec2:RequestSpotFleet",
    "ec2:ModifySpotFleetRequest",
    "ec2:CancelSpotFleetRequests",
  ],
  "AWS::EC2::SubnetCidrBlock": ["ec2:AssociateSubnetCidrBlock", undefined, "ec2:DisassociateSubnetCidrBlock"],
  "AWS::EC2::SubnetRouteTableAssociation": [
    "ec2:AssociateRouteTable",
    undefined,
    "ec2:DisassociateRouteTable",
  ],
  "AWS::EC2::VPCCidrBlock": ["ec2:AssociateVpcCidrBlock", undefined, "ec2:DisassociateVpcCidrBlock"],
  "AWS::EC2::VPCGatewayAttachment": ["ec2:AttachInternetGateway", undefined, "ec2:DetachInternetGateway"],
  "AWS::EC2::VolumeAttachment": ["ec2:AttachVolume", undefined, "ec2:DetachVolume"],
  "AWS::IAM::UserToGroupAddition": ["iam:AddUserToGroup", "iam:AddUserToGroup", "iam:RemoveUserFromGroup"],
  "AWS::Route53::RecordSet": [
    "route53:ChangeResourceRecordSets",
    "route53:ChangeResourceRecordSets",
    "route53:ChangeResourceRecordSets",
  ],
  "AWS::Route53::RecordSetGroup": [
    "route53:ChangeResourceRecordSets",
    "route53:ChangeResourceRecordSets",
    "route53:ChangeResourceRecordSets",
  ],
};

export async function prefixOf(type: string, known: TypeSpec, actions: Actions): Promise<string> {
  const service = type.split("::")[1] ?? "";
  const candidates = [prefixes[service], known.arn?.split(":")[2], service.toLowerCase()];
  for (const one of candidates) if (one !== undefined && (await actions.exists(one))) return one;
  return service.toLowerCase();
}

type Derived = {
  readonly create: readonly string[];
  readonly update: readonly string[];
  readonly delete: readonly string[];
};

const ofHttpMethods: Derived = {
  create: ["apigateway:POST"],
  update: ["apigateway:PATCH"],
  delete: ["apigateway:DELETE"],
};

export async function derivedHandlers(type: string, known: TypeSpec, actions: Actions): Promise<Derived> {
  const other = otherNames[type];
  if (other) {
    const [create, update, remove] = other;
    return { create: [create], update: update === undefined ? [] : [update], delete: [remove] };
  }
  const prefix = await prefixOf(type, known, actions);
  if (prefix === "apigateway") return ofHttpMethods;
  const noun = nounOf(type);
  const names = (await actions.of(prefix)).filter((name) => singular(parts(name)[1]) === noun);
  const find = (operation: keyof Derived): readonly string[] => {
    const name = verbs[operation]
      .map((verb) => names.find((one) => parts(one)[0] === verb.toLowerCase()))
      .find((one) => one !== undefined);
    return name === undefined ? [] : [`${prefix}:${name}`];
  };
  const create = find("create");
  // A type whose calls are not found by their name is still no free pass: a role that may create it may call `Create<Noun>`.
  const guessed = `${prefix}:Create${type.split("::").at(-1) ?? ""}`;
  const first = create[0] ?? guessed;
  const passes = (await actions.details(first))?.dependsOn.includes("iam:PassRole") ?? false;
  return {
    create: [first, ...(passes ? ["iam:PassRole"] : [])],
    update: find("update"),
    delete: find("delete"),
  };
}
