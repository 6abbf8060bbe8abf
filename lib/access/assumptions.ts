/**
 * Lists the assumptions of the analysis. A reviewer has to agree with them, because every result depends on
 * them.
 */

export const assumptions: readonly string[] = [
  "The central account's administrators are trusted with everything: they publish the Lambdas' code, the release templates, the estate and the products. No CI and no team has a way there.",
  "An account is the boundary. Within its own target account an application may use whatever is not Kedge's, other applications included; teams that must be kept apart get accounts of their own. The same holds for the lines of one anchor: its CI uploads for all of them.",
  "An environment without `approval` changes when its branch is uploaded to: that is its meaning. Gated are the accounts with an environment that asks for one.",
  "`kedge-launch` may write the policies of the roles a product brings, and so is an administrator of its account in effect. Only Service Catalog becomes this role, for the account itself, and only with the central portfolio's products.",
  "Lambda, CodeBuild, CodePipeline and CloudFormation run as a role only for whoever could pass it, and a role can be passed within its own account alone; their trust therefore names no source.",
  "What CloudFormation calls for each resource type is AWS's and changes: `kedge-launch`, `kedge-cloudformation` and `kedge-pipeline-stack` are bounded by the other invariants, not call by call. That they can do their work is shown by deploying with them in the embedded cloud, under the same policies.",
  "What a Lambda calls is read from its code as it is bundled, up to the commands of the SDK; what AWS asks of the caller besides (a key, a role to be passed) is listed with the adapter that calls.",
  "A call is tried at places that stand for all like them: every resource of the templates, a sample of each thing lines and applications bring, and one stranger's thing of each kind in every account, in each region of the estate and in one it does not use. A statement that speaks of none of them fails the mutation test.",
  "Service control policies of an organization only take away, and are not counted on. Buckets have no ACLs (owner enforced).",
  "Of the other accounts' buckets and keys the worst is assumed: that they would let anyone in whose own policies allow it.",
];
