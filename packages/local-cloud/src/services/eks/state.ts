/**
 * Defines EKS's stored state in one account and region, its access requests, and the errors of missing
 * clusters.
 */
import type { AccessRequest, ConditionValue } from "#cloud/kernel/access.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Call, OperationOf, Operations } from "#cloud/kernel/service.ts";
import type { OpenTable, Table } from "#cloud/kernel/store.ts";
import type { AccessEntry, AccessPolicy, Cluster, sdk } from "./sdk.ts";

type EntryRow = AccessEntry & { readonly policies: readonly AccessPolicy[] };

export type EksState = {
  readonly clusters: Table<Cluster>;
  /** Access entries by `<cluster> <principal>`. */
  readonly entries: Table<EntryRow>;
};

export const eksState = (table: OpenTable): EksState => ({
  clusters: table<Cluster>("clusters"),
  entries: table<EntryRow>("entries"),
});

export type Op<Name extends keyof Operations<typeof sdk, EksState>> = OperationOf<typeof sdk, EksState, Name>;
type EksCall = Call<EksState>;

export const entryKey = (cluster = "", principal = ""): string => `${cluster} ${principal}`;

const arn = ({ account, region }: Pick<EksCall, "account" | "region">, resource: string): string =>
  `arn:aws:eks:${region}:${account}:${resource}`;

export const clusterArn = (call: Pick<EksCall, "account" | "region">, name = ""): string =>
  arn(call, `cluster/${name}`);

type Context = Readonly<Record<string, ConditionValue | undefined>>;

export const onCluster = (
  action: string,
  call: EksCall,
  name: string | undefined,
  context?: Context,
): AccessRequest => {
  const tags = call.state.clusters.get(name ?? "")?.tags;
  return {
    action: `eks:${action}`,
    resource: clusterArn(call, name),
    ...(tags && { tags }),
    ...(context && { context }),
  };
};

/** Returns the access request for an access entry. A missing entry has no id, so its ARN ends in `none`. */
export const onEntry = (
  action: string,
  call: EksCall,
  { clusterName = "", principalArn = "" }: { readonly clusterName?: string; readonly principalArn?: string },
  context?: Context,
): AccessRequest => {
  const row = call.state.entries.get(entryKey(clusterName, principalArn));
  return {
    action: `eks:${action}`,
    resource: row?.accessEntryArn ?? entryArn(call, clusterName, principalArn, "none"),
    ...(row && { tags: row.tags }),
    ...(context && { context }),
  };
};

export function entryArn(call: EksCall, cluster: string, principal: string, id: string): string {
  const [, , , , account = "", resource = ""] = principal.split(":");
  const [kind = "", ...path] = resource.split("/");
  return arn(call, `access-entry/${cluster}/${kind}/${account}/${path.at(-1) ?? ""}/${id}`);
}

export function findCluster(call: EksCall, name: string | undefined): Cluster {
  const cluster = call.state.clusters.get(name ?? "");
  if (cluster !== undefined) return cluster;
  throw new AwsError("ResourceNotFoundException", `No cluster found for name: ${name ?? ""}.`, 404);
}

export function findEntry(
  call: EksCall,
  cluster: string | undefined,
  principal: string | undefined,
): EntryRow {
  findCluster(call, cluster);
  const row = call.state.entries.get(entryKey(cluster, principal));
  if (row !== undefined) return row;
  const message = `The specified principalArn could not be found. You can view your available access entries with 'list-access-entries'.`;
  throw new AwsError("ResourceNotFoundException", message, 404);
}
