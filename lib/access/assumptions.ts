/**
 * Lists the assumptions of the analysis. A reviewer has to agree with them, because every result depends on
 * them.
 */

export const assumptions: readonly string[] = [
  "The central account's administrators are trusted without limits: they publish the code of the Lambdas, the release templates, the estate and the products. No CI and no team can become one.",
  "Applications of one account are apart as far as the table above says. A resource without the tag `kedge:app` belongs to no application, and every application may use it, secrets excepted. A template works as CloudFormation's execution role, which serves all applications of the account. Teams that must be separated in every respect need separate accounts. The lines of one anchor share the anchor's CI.",
  "CloudFormation gives every resource of a stack the stack's tags, and IAM compares them for each type of resource for which the Service Authorization Reference lists `aws:ResourceTag`.",
  "An upload to a branch changes the environments of that branch that have no `approval`. The analysis protects the accounts of environments with `approval`.",
  "`kedge-launch` may write the policies of the roles in a product, so it has the rights of an administrator of its account. Only Service Catalog assumes this role, for the account itself, and only with products of the central portfolio.",
  "Lambda, CodeBuild, CodePipeline and CloudFormation run as a role only for a caller that may pass the role, and a role can be passed only within its own account. So the trust policies for these services name no source.",
  "AWS decides which calls CloudFormation makes for a resource type, and changes them. So the invariant `exact-calls` leaves out `kedge-launch`, `kedge-cloudformation` and `kedge-pipeline-stack`; the other invariants limit these roles. The tests deploy with them in the embedded cloud, under the same policies.",
  "The analysis reads the calls of a Lambda and of a command of `kedge` from its bundled code, as commands of the SDK. `lib/access/needs/people-needs.ts` lists the calls of people that no command makes. `lib/access/calls/adapters.ts` adds the rights that AWS checks with a command, such as the use of a key or the passing of a role.",
  "The analysis tries each call at sample resources: every resource of the templates, one resource of each kind that lines and applications create, and one foreign resource of each kind in every account, in each region of the estate and in an unused region. The mutation test fails for a statement that names none of them.",
  "Service control policies of an organization only remove rights, and the analysis does not rely on them. Buckets have no ACLs (owner enforced).",
  "The analysis assumes the worst of buckets and keys in other accounts: their policies allow every principal whose own policies allow the call.",
];
