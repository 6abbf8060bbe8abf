/** Serves AWS CloudFormation: stacks and change sets, which create resources through the other services. */
import * as sdk from "@aws-sdk/client-cloudformation";
import { defineService, type ServiceContext } from "#cloud/kernel/service.ts";
import { deleteChangeSet, describeChangeSet, listChangeSets } from "./change-sets.ts";
import { createChangeSet, resumeComparing } from "./create-change-set.ts";
import { createStack } from "./create-stack.ts";
import { deleteStack } from "./delete-stack.ts";
import { describeStackEvents } from "./describe-stack-events.ts";
import {
  describeStackResource,
  describeStackResources,
  listStackResources,
} from "./describe-stack-resources.ts";
import { describeStacks, listStacks } from "./describe-stacks.ts";
import { executeChangeSet } from "./execute-change-set.ts";
import { listExports, listImports } from "./exports.ts";
import { resumeAll } from "./run.ts";
import {
  cancelUpdateStack,
  continueUpdateRollback,
  rollbackStack,
  updateTerminationProtection,
} from "./stack-control.ts";
import { getStackPolicy, setStackPolicy } from "./stack-policies.ts";
import { type Location, openState, type State } from "./state.ts";
import { getTemplate, getTemplateSummary, validateTemplate } from "./templates.ts";
import { updateStack } from "./update-stack.ts";

const locationsOf = (context: ServiceContext<State>): readonly Location[] =>
  context.locations().map(({ account, region }) => ({
    cloud: context.cloud,
    clock: context.clock,
    account,
    region,
    state: context.stateOf(account, region),
  }));

export const cloudformation = defineService(
  {
    name: "cloudformation",
    sdk,
    protocols: ["query"],
    xmlNamespace: "http://cloudformation.amazonaws.com/doc/2010-05-15/",
    deniedCode: "AccessDenied",
    state: openState,
    start: (context: ServiceContext<State>) => {
      const locations = locationsOf(context);
      locations.forEach(resumeComparing);
      resumeAll(locations);
    },
  },
  {
    CancelUpdateStack: cancelUpdateStack,
    ContinueUpdateRollback: continueUpdateRollback,
    CreateChangeSet: createChangeSet,
    CreateStack: createStack,
    DeleteChangeSet: deleteChangeSet,
    DeleteStack: deleteStack,
    DescribeChangeSet: describeChangeSet,
    DescribeStackEvents: describeStackEvents,
    DescribeStackResource: describeStackResource,
    DescribeStackResources: describeStackResources,
    DescribeStacks: describeStacks,
    ExecuteChangeSet: executeChangeSet,
    GetStackPolicy: getStackPolicy,
    GetTemplate: getTemplate,
    GetTemplateSummary: getTemplateSummary,
    ListChangeSets: listChangeSets,
    ListExports: listExports,
    ListImports: listImports,
    ListStackResources: listStackResources,
    ListStacks: listStacks,
    RollbackStack: rollbackStack,
    SetStackPolicy: setStackPolicy,
    UpdateStack: updateStack,
    UpdateTerminationProtection: updateTerminationProtection,
    ValidateTemplate: validateTemplate,
  },
);
