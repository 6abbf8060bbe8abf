/** What AWS's own services read of each other without any policy: STS of IAM's roles. Everything else goes by policies. */

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
