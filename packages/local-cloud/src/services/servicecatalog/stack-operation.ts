/**
 * Carries out a record in CloudFormation: starts the stack operation with the launch role and polls the stack
 * to its end.
 */
import { AwsError, isAwsError } from "#cloud/kernel/aws-error.ts";
import type { Clock } from "#cloud/kernel/clock.ts";
import type { Cloud } from "#cloud/kernel/cloud-type.ts";
import { type Principal, servicePrincipal } from "#cloud/kernel/principal.ts";
import type { CatalogState, ProvisionedProduct, RecordRow } from "./state.ts";

export type Work = {
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly account: string;
  readonly region: string;
  readonly state: CatalogState;
};

export type StackOrder =
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
export function carryOut(work: Work, recordId: string, order: StackOrder, caller: Principal): void {
  work.cloud.spawn(`servicecatalog record ${recordId}`, async () => {
    const record = work.state.records.get(recordId);
    const product = work.state.provisioned.get(record?.provisionedProductId ?? "");
    if (record === undefined || product === undefined) return;
    work.state.records.set(recordId, { ...record, status: "IN_PROGRESS", updated: work.clock.now() });
    try {
      const stackId = await startOperation(work, product, order, caller);
      if (stackId !== undefined) work.state.provisioned.set(product.id, { ...product, stackId });
      await follow(work, recordId, caller, order.kind === "delete" && order.ignoreErrors);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (order.kind === "update" && /No updates are to be performed/.test(error.message))
        return succeed(work, recordId, product.stackId, caller);
      if (order.kind === "delete" && order.ignoreErrors) return succeed(work, recordId, undefined, caller);
      fail(work, recordId, error.code, error.message);
    }
  });
}

async function startOperation(
  work: Work,
  product: ProvisionedProduct,
  order: StackOrder,
  caller: Principal,
): Promise<string | undefined> {
  const invoke = async (operation: string, input: object) =>
    work.cloud.invoke<{ StackId?: string }>({
      service: "cloudformation",
      operation,
      input,
      principal: await launchPrincipal(work, product, caller),
      account: work.account,
      region: work.region,
    });
  if (order.kind === "delete") {
    await invoke("DeleteStack", { StackName: product.stackId ?? product.stackName });
    return undefined;
  }
  const { StackId } = await invoke(order.kind === "create" ? "CreateStack" : "UpdateStack", {
    StackName: product.stackName,
    TemplateURL: order.templateUrl,
    Parameters: order.parameters,
    Capabilities: ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    Tags: order.tags,
  });
  return StackId;
}

/** Returns a session of the launch role, or the caller if no launch constraint applies. */
async function launchPrincipal(
  work: Work,
  product: ProvisionedProduct,
  caller: Principal,
): Promise<Principal> {
  if (product.launchRoleArn === undefined) return caller;
  const { session } = await work.cloud.assumeRole({
    roleArn: product.launchRoleArn,
    sessionName: "servicecatalog",
    principal: servicePrincipal("servicecatalog.amazonaws.com", {
      sourceAccount: work.account,
      sourceArn: `arn:aws:servicecatalog:${work.region}:${work.account}:*`,
    }),
    region: work.region,
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
export async function follow(
  work: Work,
  recordId: string,
  caller: Principal,
  ignoreErrors: boolean,
): Promise<void> {
  for (;;) {
    const record = work.state.records.get(recordId);
    const product = work.state.provisioned.get(record?.provisionedProductId ?? "");
    if (record === undefined || product === undefined || work.cloud.stopping()) return;
    const stack = await describe(work, product, caller);
    const status = stack?.StackStatus ?? "DELETE_COMPLETE";
    const terminating = record.type === "TERMINATE_PROVISIONED_PRODUCT";
    if (
      terminating
        ? status === "DELETE_COMPLETE"
        : status === "CREATE_COMPLETE" || status === "UPDATE_COMPLETE"
    ) {
      return succeed(work, recordId, stack?.StackId, caller);
    }
    if (!status.endsWith("_IN_PROGRESS")) {
      if (terminating && ignoreErrors) return succeed(work, recordId, stack?.StackId, caller);
      return fail(work, recordId, "ResourceChangeFailed", await reasonOf(work, product, caller, stack));
    }
    if (/ROLLBACK/.test(status) && record.status !== "IN_PROGRESS_IN_ERROR") {
      work.state.records.set(recordId, {
        ...record,
        status: "IN_PROGRESS_IN_ERROR",
        updated: work.clock.now(),
      });
    }
    await work.clock.sleep(work.cloud.pace.poll);
  }
}

async function describe(
  work: Work,
  product: ProvisionedProduct,
  caller: Principal,
): Promise<Stack | undefined> {
  try {
    const { Stacks } = await work.cloud.invoke<{ Stacks?: Stack[] }>({
      service: "cloudformation",
      operation: "DescribeStacks",
      input: { StackName: product.stackId ?? product.stackName },
      principal: await launchPrincipal(work, product, caller),
      account: work.account,
      region: work.region,
    });
    return Stacks?.[0];
  } catch (error) {
    if (isAwsError(error, "ValidationError")) return undefined;
    throw error;
  }
}

/** Returns the first failure of the newest operation, in CloudFormation's words. */
async function reasonOf(
  work: Work,
  product: ProvisionedProduct,
  caller: Principal,
  stack: Stack | undefined,
): Promise<string> {
  try {
    const { StackEvents } = await work.cloud.invoke<{
      StackEvents?: { LogicalResourceId?: string; ResourceStatus?: string; ResourceStatusReason?: string }[];
    }>({
      service: "cloudformation",
      operation: "DescribeStackEvents",
      input: { StackName: product.stackId ?? product.stackName },
      principal: await launchPrincipal(work, product, caller),
      account: work.account,
      region: work.region,
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
  work: Work,
  recordId: string,
  stackId: string | undefined,
  caller: Principal,
): Promise<void> {
  const record = work.state.records.get(recordId);
  const product = work.state.provisioned.get(record?.provisionedProductId ?? "");
  if (record === undefined || product === undefined) return;
  const outputs =
    record.type === "TERMINATE_PROVISIONED_PRODUCT" ? [] : await outputsOf(work, product, caller);
  work.state.records.set(recordId, { ...record, status: "SUCCEEDED", updated: work.clock.now(), outputs });
  if (record.type === "TERMINATE_PROVISIONED_PRODUCT") {
    work.state.provisioned.delete(product.id);
    return;
  }
  work.state.provisioned.set(product.id, {
    ...product,
    stackId: stackId ?? product.stackId,
    status: "AVAILABLE",
    statusMessage: undefined,
    artifactId: record.artifactId,
    lastSuccessfulRecordId: recordId,
  });
}

async function outputsOf(
  work: Work,
  product: ProvisionedProduct,
  caller: Principal,
): Promise<RecordRow["outputs"]> {
  const stack = await describe(work, product, caller);
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

function fail(work: Work, recordId: string, Code: string, Description: string): void {
  const record = work.state.records.get(recordId);
  const product = work.state.provisioned.get(record?.provisionedProductId ?? "");
  if (record === undefined) return;
  work.state.records.set(recordId, {
    ...record,
    status: "FAILED",
    updated: work.clock.now(),
    errors: [{ Code, Description }],
  });
  if (product === undefined) return;
  // A failed first provisioning leaves a product in ERROR, which the caller must terminate. A later failure
  // leaves the old stack and TAINTED.
  const status = record.type === "PROVISION_PRODUCT" ? "ERROR" : "TAINTED";
  work.state.provisioned.set(product.id, { ...product, status, statusMessage: Description });
}
