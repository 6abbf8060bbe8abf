/** Creates or updates one stack and waits for it, as `aws cloudformation deploy` does. */
import { setTimeout as wait } from "node:timers/promises";
import {
  type CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type Parameter,
  type Stack,
  UpdateStackCommand,
} from "@aws-sdk/client-cloudformation";

class StackFailed extends Error {
  override name = "StackFailed";
}

type StackOrder = {
  readonly name: string;
  readonly parameters?: Readonly<Record<string, string>>;
} & ({ readonly body: string } | { readonly url: string });

const pollMs = 50;

/** Outputs of the stack once it is complete. Throws `StackFailed` with the first failures when it is not. */
export async function deployStack(
  client: CloudFormationClient,
  order: StackOrder,
): Promise<Readonly<Record<string, string>>> {
  const parameters: Parameter[] = Object.entries(order.parameters ?? {}).map(
    ([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }),
  );
  const input = {
    StackName: order.name,
    Parameters: parameters,
    Capabilities: ["CAPABILITY_NAMED_IAM" as const, "CAPABILITY_IAM" as const],
    ...("body" in order ? { TemplateBody: order.body } : { TemplateURL: order.url }),
  };
  const present = await describeStack(client, order.name);
  if (present === undefined) await client.send(new CreateStackCommand(input));
  else {
    try {
      await client.send(new UpdateStackCommand(input));
    } catch (error) {
      if (!(error instanceof Error && error.message.includes("No updates are to be performed"))) throw error;
    }
  }
  for (;;) {
    const stack = await describeStack(client, order.name);
    const status = stack?.StackStatus ?? "";
    if (status === "CREATE_COMPLETE" || status === "UPDATE_COMPLETE") return outputsOf(stack);
    if (!status.endsWith("_IN_PROGRESS")) {
      throw new StackFailed(
        `The stack ${order.name} is ${status || "gone"}:\n${await failuresOf(client, order.name)}`,
      );
    }
    await wait(pollMs);
  }
}

/** Undefined when there is no such stack. */
async function describeStack(client: CloudFormationClient, name: string): Promise<Stack | undefined> {
  try {
    return (await client.send(new DescribeStacksCommand({ StackName: name }))).Stacks?.[0];
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return undefined;
    throw error;
  }
}

const outputsOf = (stack: Stack | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (stack?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey ?? "", OutputValue ?? ""]),
  );

async function failuresOf(client: CloudFormationClient, name: string): Promise<string> {
  const { StackEvents } = await client.send(new DescribeStackEventsCommand({ StackName: name }));
  return (StackEvents ?? [])
    .filter(
      ({ ResourceStatus, ResourceStatusReason }) =>
        ResourceStatus?.endsWith("_FAILED") && !/cancelled/i.test(ResourceStatusReason ?? ""),
    )
    .reverse()
    .slice(0, 5)
    .map(
      ({ LogicalResourceId, ResourceType, ResourceStatusReason }) =>
        `  ${LogicalResourceId} (${ResourceType}): ${ResourceStatusReason}`,
    )
    .join("\n");
}
