/**
 * Lists the calls that AWS's own services make without a policy, such as STS's reads of IAM's roles. Every
 * other call needs a policy.
 */

const READS: Readonly<Record<string, readonly string[]>> = {
  "sts.amazonaws.com": [
    "iam:GetRole",
    "iam:GetUser",
    "iam:GetPolicy",
    "iam:GetPolicyVersion",
    "iam:GetOpenIDConnectProvider",
  ],
  "servicecatalog.amazonaws.com": [
    "organizations:DescribeOrganization",
    "organizations:DescribeAccount",
    "organizations:ListParents",
    "organizations:ListAccounts",
    "organizations:ListAWSServiceAccessForOrganization",
  ],
  "cloudformation.amazonaws.com": ["organizations:DescribeOrganization", "organizations:DescribeAccount"],
};

export const readsInternally = (service: string, action: string): boolean =>
  READS[service]?.includes(action) ?? false;
