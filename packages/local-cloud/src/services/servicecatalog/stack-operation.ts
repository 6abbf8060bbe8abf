/**
 * Carries out a record in CloudFormation: starts the stack operation with the launch role and polls the stack
 * to its end.
 */
import { AwsError, isAwsError } from "#cloud/kernel/aws-error.ts";
import type { Clock } from "#cloud/kernel/clock.ts";
import type { Cloud } from "#cloud/kernel/cloud-type.ts";
import { type Principal, servicePrincipal } from "#cloud/kernel/principal.ts";
import type { CatalogState, ProvisionedProduct, RecordRow } from "./state.ts";

export type RecordContext = {
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly account: string;
  readonly region: string;
  readonly state: CatalogState;
};

type StackRequest =
  | {
      readonly kind: "create" | "update";
      readonly templateUrl: string;
      readonly parameters: readonly {
        ParameterKey: string;
        ParameterValue?: string;
        UsePreviousValue?: boolean;
      }[];
      readonly tags: readonly { Key: string; Value: string }[];
    }
  | { readonly kind: "delete"; readonly ignoreErrors: boolean };

/** Runs the whole operation in the background. */
export function runStackOperation(
  context: RecordContext,
  recordId: string,
  request: StackRequest,
  caller: Principal,
): void {
  context.cloud.spawn(`servicecatalog record ${recordId}`, async () => {
    const record = context.state.records.get(recordId);
    const product = context.state.provisioned.get(record?.provisionedProductId ?? "");
    if (record === undefined || product === undefined) return;
    context.state.records.set(recordId, { ...record, status: "IN_PROGRESS", updated: context.clock.now() });
    try {
      const stackId = await startOperation(context, product, request, caller);
      if (stackId !== undefined) context.state.provisioned.set(product.id, { ...product, stackId });
      await pollStack(context, recordId, caller, request.kind === "delete" && request.ignoreErrors);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (request.kind === "update" && /No updates are to be performed/.test(error.message))
        return succeed(context, recordId, product.stackId, caller);
      if (request.kind === "delete" && request.ignoreErrors)
        return succeed(context, recordId, undefined, caller);
      fail(context, recordId, error.code, error.message);
    }
  });
}

async function startOperation(
  context: RecordContext,
  product: ProvisionedProduct,
  request: StackRequest,
  caller: Principal,
): Promise<string | undefined> {
  const invoke = async (operation: string, input: object) =>
    context.cloud.invoke<{ StackId?: string }>({
      service: "cloudformation",
      operation,
      input,
      principal: await launchPrincipal(context, product, caller),
      account: context.account,
      region: context.region,
    });
  if (request.kind === "delete") {
    await invoke("DeleteStack", { StackName: product.stackId ?? product.stackName });
    return undefined;
  }
  const { StackId } = await invoke(request.kind === "create" ? "CreateStack" : "UpdateStack", {
    StackName: product.stackName,
    TemplateURL: request.templateUrl,
    Parameters: request.parameters,
    Capabilities: ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    Tags: request.tags,
  });
  return StackId;
}

/** Returns a session of the launch role, or the caller if no launch constraint applies. */
async function launchPrincipal(
  context: RecordContext,
  product: ProvisionedProduct,
  caller: Principal,
): Promise<Principal> {
  if (product.launchRoleArn === undefined) return caller;
  const { session } = await context.cloud.assumeRole({
    roleArn: product.launchRoleArn,
    sessionName: "servicecatalog",
    principal: servicePrincipal("servicecatalog.amazonaws.com", {
      sourceAccount: context.account,
      sourceArn: `arn:aws:servicecatalog:${context.region}:${context.account}:*`,
    }),
    region: context.region,
  });
  return session;
}

type Stack = {
  StackId?: string;
  StackStatus?: string;
  StackStatusReason?: string;
  Outputs?: { OutputKey?: string; OutputValue?: string; Description?: string }[];
};

/**
 * Polls the stack until its operation ends. After a restart the service calls it for each unfinished record.
 */
export async function pollStack(
  context: RecordContext,
  recordId: string,
  caller: Principal,
  ignoreErrors: boolean,
): Promise<void> {
  for (;;) {
    const record = context.state.records.get(recordId);
    const product = context.state.provisioned.get(record?.provisionedProductId ?? "");
    if (record === undefined || product === undefined || context.cloud.stopping()) return;
    const stack = await describe(context, product, caller);
    const status = stack?.StackStatus ?? "DELETE_COMPLETE";
    const terminating = record.type === "TERMINATE_PROVISIONED_PRODUCT";
    if (
      terminating
        ? status === "DELETE_COMPLETE"
        : status === "CREATE_COMPLETE" || status === "UPDATE_COMPLETE"
    ) {
      return succeed(context, recordId, stack?.StackId, caller);
    }
    if (!status.endsWith("_IN_PROGRESS")) {
      if (terminating && ignoreErrors) return succeed(context, recordId, stack?.StackId, caller);
      return fail(context, recordId, "ResourceChangeFailed", await reasonOf(context, product, caller, stack));
    }
    if (/ROLLBACK/.test(status) && record.status !== "IN_PROGRESS_IN_ERROR") {
      context.state.records.set(recordId, {
        ...record,
        status: "IN_PROGRESS_IN_ERROR",
        updated: context.clock.now(),
      });
    }
    await context.clock.sleep(context.cloud.pace.poll);
  }
}

async function describe(
  context: RecordContext,
  product: ProvisionedProduct,
  caller: Principal,
): Promise<Stack | undefined> {
  try {
    const { Stacks } = await context.cloud.invoke<{ Stacks?: Stack[] }>({
      service: "cloudformation",
      operation: "DescribeStacks",
      input: { StackName: product.stackId ?? product.stackName },
      principal: await launchPrincipal(context, product, caller),
      account: context.account,
      region: context.region,
    });
    return Stacks?.[0];
  } catch (error) {
    if (isAwsError(error, "ValidationError")) return undefined;
    throw error;
  }
}

/** Returns the first failure of the newest operation, in CloudFormation's words. */
async function reasonOf(
  context: RecordContext,
  product: ProvisionedProduct,
  caller: Principal,
  stack: Stack | undefined,
): Promise<string> {
  try {
    const { StackEvents } = await context.cloud.invoke<{
      StackEvents?: { LogicalResourceId?: string; ResourceStatus?: string; ResourceStatusReason?: string }[];
    }>({
      service: "cloudformation",
      operation: "DescribeStackEvents",
      input: { StackName: product.stackId ?? product.stackName },
      principal: await launchPrincipal(context, product, caller),
      account: context.account,
      region: context.region,
    });
    const failures = (StackEvents ?? []).filter(
      ({ ResourceStatus, ResourceStatusReason }) =>
        ResourceStatus?.endsWith("_FAILED") && !/cancelled/i.test(ResourceStatusReason ?? ""),
    );
    const first = failures.at(-1);
    if (first !== undefined) return `${first.LogicalResourceId}: ${first.ResourceStatusReason}`;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
  }
  return stack?.StackStatusReason ?? `The stack is ${stack?.StackStatus}.`;
}

async function succeed(
  context: RecordContext,
  recordId: string,
  stackId: string | undefined,
  caller: Principal,
): Promise<void> {
  const record = context.state.records.get(recordId);
  const product = context.state.provisioned.get(record?.provisionedProductId ?? "");
  if (record === undefined || product === undefined) return;
  const outputs =
    record.type === "TERMINATE_PROVISIONED_PRODUCT" ? [] : await outputsOf(context, product, caller);
  context.state.records.set(recordId, {
    ...record,
    status: "SUCCEEDED",
    updated: context.clock.now(),
    outputs,
  });
  if (record.type === "TERMINATE_PROVISIONED_PRODUCT") {
    context.state.provisioned.delete(product.id);
    return;
  }
  context.state.provisioned.set(product.id, {
    ...product,
    stackId: stackId ?? product.stackId,
    status: "AVAILABLE",
    statusMessage: undefined,
    artifactId: record.artifactId,
    lastSuccessfulRecordId: recordId,
  });
}

async function outputsOf(
  context: RecordContext,
  product: ProvisionedProduct,
  caller: Principal,
): Promise<RecordRow["outputs"]> {
  const stack = await describe(context, product, caller);
  return [
    ...(stack?.Outputs ?? []).map(({ OutputKey = "", OutputValue = "", Description }) => ({
      OutputKey,
      OutputValue,
      ...(Description !== undefined && { Description }),
    })),
    {
      OutputKey: "CloudformationStackARN",
      OutputValue: stack?.StackId ?? "",
      Description: "The ARN of the launched Cloudformation Stack",
    },
  ];
}

function fail(context: RecordContext, recordId: string, Code: string, Description: string): void {
  const record = context.state.records.get(recordId);
  const product = context.state.provisioned.get(record?.provisionedProductId ?? "");
  if (record === undefined) return;
  context.state.records.set(recordId, {
    ...record,
    status: "FAILED",
    updated: context.clock.now(),
    errors: [{ Code, Description }],
  });
  if (product === undefined) return;
  // A failed first provisioning leaves a product in ERROR, which the caller must terminate. A later failure
  // leaves the old stack and TAINTED (Service Catalog API Reference, ProvisionedProductDetail, "Status").
  const status = record.type === "PROVISION_PRODUCT" ? "ERROR" : "TAINTED";
  context.state.provisioned.set(product.id, { ...product, status, statusMessage: Description });
}
