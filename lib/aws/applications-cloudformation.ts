/** The application stacks in the target accounts. */
import {
  type CloudFormationClient,
  DeleteStackCommand,
  paginateListStacks,
  type Stack,
  StackStatus,
} from "@aws-sdk/client-cloudformation";
import type { Applications, LineStack } from "#ports/applications.ts";
import type { AccountInRegion } from "#ports/target.ts";
import { isStackOf } from "#release/names/stack-names.ts";
import { tags } from "#release/names/tags.ts";
import { unlessDone } from "./error-names.ts";
import { findStack, outputsOf } from "./find-stack.ts";
import { lastOperation } from "./stack-failure.ts";

export const applicationsCloudformation = (
  clientFor: (target: AccountInRegion) => CloudFormationClient,
): Applications => ({
  stacksOfLine: async (target, firsts) => {
    const names = await namesOf(clientFor(target), firsts);
    const stacks = await Promise.all(names.map((name) => findStack(clientFor(target), name)));
    return stacks.flatMap((stack) => (stack === undefined ? [] : [member(stack)]));
  },
  stack: async (target, name) => {
    const found = await findStack(clientFor(target), name);
    return found && member(found);
  },
  failure: async (target, name) => {
    const found = await findStack(clientFor(target), name);
    return found && (await lastOperation(clientFor(target), found.StackId ?? name)).failure;
  },
  remove: (target, name, token) =>
    unlessDone(
      clientFor(target).send(new DeleteStackCommand({ StackName: name, ClientRequestToken: token })),
      "TokenAlreadyExistsException",
    ),
  outputs: async (target, name) => outputsOf(await findStack(clientFor(target), name)),
});

const there = Object.values(StackStatus).filter((status) => status !== StackStatus.DELETE_COMPLETE);

async function namesOf(client: CloudFormationClient, firsts: readonly string[]): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { StackSummaries = [] } of paginateListStacks({ client }, { StackStatusFilter: there })) {
    names.push(...StackSummaries.map(({ StackName = "" }) => StackName));
  }
  return names.filter((name) => firsts.some((first) => isStackOf(name, first)));
}

const member = ({ StackName, StackStatus: status, Tags = [] }: Stack): LineStack => ({
  name: StackName ?? "",
  status: status ?? "",
  level: Number(Tags.find(({ Key }) => Key === tags.level)?.Value ?? 0),
  tags: Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value])),
});
