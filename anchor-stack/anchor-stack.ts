/**
 * Defines the anchor: the stack of a business unit's shared-services account, as a Service Catalog product.
 * The plain template needs no CDK bootstrap; it takes the Lambdas' code by digest from the central registry.
 */
import {
  type App,
  BootstraplessSynthesizer,
  CfnOutput,
  type IStackSynthesizer,
  Stack,
} from "aws-cdk-lib/core";
import { cache } from "./cache.ts";
import { anchorEvents, observeDeadLetters } from "./events.ts";
import { anchorFunctions } from "./functions.ts";
import type { CodeDigests } from "./functions-props.ts";
import { lineQueues } from "./line-queue.ts";
import { notifications } from "./notifications.ts";
import {
  accountParameter,
  accountsParameter,
  bucketParameter,
  flagParameter,
  principalsParameter,
  sessionNameParameter,
} from "./parameters.ts";
import { peopleRoles } from "./people-roles.ts";
import { pipelineRoles } from "./pipeline-roles.ts";

type AnchorStackProps = { readonly code: CodeDigests };

export function anchorStack(app: App, props: AnchorStackProps): Stack {
  const stack = new Stack(app, "KedgeAnchor", {
    description: "Kedge anchor: release lines of this account, from upload to the target accounts",
    // aws-cdk-lib's types do not support exactOptionalPropertyTypes.
    synthesizer: new BootstraplessSynthesizer() as IStackSynthesizer,
    analyticsReporting: false,
  });
  const centralAccount = accountParameter(stack, "CentralAccount", "The account of Kedge's control plane");
  const artifactBucket = bucketParameter(
    stack,
    "ArtifactBucket",
    "The central bucket that receives the artifacts",
  );
  const registryBucket = bucketParameter(
    stack,
    "RegistryBucket",
    "The central bucket of release templates, estate and the code of the Lambdas",
  );
  const targetAccounts = accountsParameter(
    stack,
    "TargetAccounts",
    "The accounts to which this anchor deploys, each account once",
  );
  const ciPrincipals = principalsParameter(
    stack,
    "CiTrustedPrincipals",
    "The principals that may assume kedge-ci.",
  );
  const approverPrincipals = principalsParameter(
    stack,
    "ApproverTrustedPrincipals",
    "The principals that may assume kedge-approver.",
  );

  const operatorPrincipals = principalsParameter(
    stack,
    "OperatorTrustedPrincipals",
    "The principals that may assume kedge-operator.",
  );

  const ciSessionName = sessionNameParameter(
    stack,
    "CiSessionName",
    "A condition key. The session name of kedge-ci must equal the value of this key.",
  );
  const peopleSessionName = sessionNameParameter(
    stack,
    "PeopleSessionName",
    "A condition key. The session names of kedge-approver and kedge-operator must equal the value of this key.",
  );

  const severalRegions = flagParameter(
    stack,
    "SeveralRegions",
    "True when environments are in other regions, too. Do not change it later: KMS cannot turn a key into a multi-Region key.",
  );
  const own = cache(stack, targetAccounts, severalRegions);
  const lines = lineQueues(stack, centralAccount);
  const lost = observeDeadLetters(stack);
  const { ciRoleId } = peopleRoles(stack, {
    ...{ artifactBucket, ciPrincipals, approverPrincipals, operatorPrincipals },
    ...{ ciSessionName, peopleSessionName, cache: own },
  });
  const functions = anchorFunctions(stack, {
    code: props.code,
    centralAccount,
    artifactBucket,
    registryBucket,
    targetAccounts,
    cache: own,
    lines,
    observeDeadLettersArn: lost.arn,
    pinned: {
      CI_ROLE_ID: ciRoleId,
      CI_SESSION_NAME: ciSessionName.key,
      PEOPLE_SESSION_NAME: peopleSessionName.key,
    },
  });
  pipelineRoles(stack, { cache: own, actions: functions.actions, targetAccounts });
  const { observe, sweep } = functions;
  anchorEvents(stack, { observe, sweep, deadLettersArn: lost.arn, targetAccounts });
  notifications(stack, own);

  new CfnOutput(stack, "CacheBucket", {
    value: own.name,
    description: "The bucket of lines, assets and artifacts",
  });
  new CfnOutput(stack, "CacheKeyArn", {
    value: own.keyArn,
    description: "The key for the caches of other regions",
  });
  return stack;
}
