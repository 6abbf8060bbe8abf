/** AWS::CloudFormation::Stack: a nested stack. */
import type { JsonObject } from "#cloud/cloudformation/json.ts";
import { nestedParameters, parameterList } from "#cloud/cloudformation/nested-parameters.ts";
import { isAwsError } from "#cloud/kernel/aws-error.ts";
import { ResourceFailure } from "./resource-failure.ts";
import { type Provisioned, present, type ResourceContext, type ResourceType } from "./resource-type.ts";
import { allTags } from "./tag-lists.ts";

/** Executes the change set that the parent's change set has for this stack; undefined when there is none. */
async function executePlanned(properties: JsonObject, context: ResourceContext): Promise<string | undefined> {
  const planned = context.stacks.planned(nestedParameters(properties["Parameters"]));
  if (planned === undefined) return undefined;
  await context.call("cloudformation", "ExecuteChangeSet", { ChangeSetName: planned.changeSetId });
  return planned.stackId;
}

const input = (properties: JsonObject, context: ResourceContext) =>
  present({
    TemplateURL: properties["TemplateURL"],
    Parameters: parameterList(properties["Parameters"]),
    Tags: allTags(properties, context),
    NotificationARNs: properties["NotificationARNs"] ?? context.stacks.notificationArns,
    Capabilities: context.stacks.capabilities,
    TimeoutInMinutes: properties["TimeoutInMinutes"],
  });

type Description = {
  readonly StackStatus?: string;
  readonly StackStatusReason?: string;
  readonly Outputs?: readonly { readonly OutputKey?: string; readonly OutputValue?: string }[];
};

async function describe(StackName: string, context: ResourceContext): Promise<Description> {
  const { Stacks = [] } = await context.call<{ Stacks?: readonly Description[] }>(
    "cloudformation",
    "DescribeStacks",
    { StackName },
  );
  return Stacks[0] ?? {};
}

async function finished(
  stackId: string,
  good: readonly string[],
  context: ResourceContext,
): Promise<Provisioned> {
  for (;;) {
    const now = await describe(stackId, context);
    const status = now.StackStatus ?? "";
    if (good.includes(status)) {
      const outputs = Object.fromEntries(
        (now.Outputs ?? []).map((one) => [one.OutputKey ?? "", one.OutputValue ?? ""]),
      );
      return { physicalId: stackId, attributes: { StackId: stackId, Outputs: outputs } };
    }
    if (!status.endsWith("_IN_PROGRESS")) {
      throw new ResourceFailure(
        `Embedded stack ${stackId} was not successfully ${verb(good)}: ${now.StackStatusReason ?? status}`,
      );
    }
    if (context.cloud.stopping()) throw new ResourceFailure("Interrupted");
    await context.clock.sleep(context.cloud.pace.resource);
  }
}

const verb = (good: readonly string[]): string =>
  good.includes("CREATE_COMPLETE") && good.length === 1
    ? "created"
    : good.includes("DELETE_COMPLETE")
      ? "deleted"
      : "updated";

async function created(stackId: string, context: ResourceContext): Promise<Provisioned> {
  try {
    return await finished(stackId, ["CREATE_COMPLETE"], context);
  } catch (error) {
    if (!context.stacks.disableRollback) {
      await context.call("cloudformation", "DeleteStack", { StackName: stackId });
      await finished(stackId, ["DELETE_COMPLETE"], context).catch(() => undefined);
    }
    throw error;
  }
}

export const cloudFormationStack: ResourceType = {
  type: "AWS::CloudFormation::Stack",
  alwaysUpdated: true,
  create: async (properties, context) => {
    const planned = await executePlanned(properties, context);
    if (planned !== undefined) return await created(planned, context);
    const StackName = context.name({ max: 128 });
    const { StackId } = await context.call<{ StackId: string }>("cloudformation", "CreateStack", {
      StackName,
      ...input(properties, context),
      // A failed nested stack is removed with its parent, so that its events can be read until then.
      OnFailure: context.stacks.disableRollback ? "DO_NOTHING" : "ROLLBACK",
      ClientRequestToken: context.token,
    });
    context.stacks.adopt(StackId);
    return await created(StackId, context);
  },
  update: async (stackId, properties, _previous, context) => {
    if ((await executePlanned(properties, context)) !== undefined)
      return await finished(stackId, ["CREATE_COMPLETE", "UPDATE_COMPLETE"], context);
    try {
      const { TimeoutInMinutes: _timeout, ...request } = input(properties, context) as Record<
        string,
        unknown
      >;
      await context.call("cloudformation", "UpdateStack", { StackName: stackId, ...request });
    } catch (error) {
      if (!(isAwsError(error, "ValidationError") && error.message === "No updates are to be performed."))
        throw error;
    }
    return await finished(stackId, ["CREATE_COMPLETE", "UPDATE_COMPLETE"], context);
  },
  delete: async (stackId, _properties, context) => {
    await context.call("cloudformation", "DeleteStack", { StackName: stackId });
    await finished(stackId, ["DELETE_COMPLETE"], context);
  },
  permissions: [
    "cloudformation:CreateStack",
    "cloudformation:UpdateStack",
    "cloudformation:DeleteStack",
    "cloudformation:DescribeStacks",
    "cloudformation:ExecuteChangeSet",
  ],
};
