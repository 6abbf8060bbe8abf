/**
 * Records a client's knowledge of a cloud that may die during any call: the acknowledged calls, and the
 * calls without an answer.
 */

type Put = { readonly key: string; readonly sha256: string };

export type Ledger = {
  /** Acknowledged versions by their id. */
  readonly versions: Map<string, Put>;
  /** Versions whose deletion was requested; `deleted` holds the acknowledged deletions. */
  readonly deleting: Set<string>;
  readonly deleted: Set<string>;
  /** Bodies of messages: acknowledged, received with the intention to delete, acknowledged as deleted. */
  readonly sent: Set<string>;
  readonly taking: Set<string>;
  readonly taken: Set<string>;
  /** Bodies by group, in the order of their acknowledgement. */
  readonly groups: Map<string, string[]>;
  /** By parameter: the last acknowledged value, and the last requested value. */
  readonly parameters: Map<string, { readonly known: number; readonly asked: number }>;
  readonly stacks: Set<string>;
  readonly executions: Set<string>;
};

export const emptyLedger = (): Ledger => ({
  versions: new Map(),
  deleting: new Set(),
  deleted: new Set(),
  sent: new Set(),
  taking: new Set(),
  taken: new Set(),
  groups: new Map(),
  parameters: new Map(),
  stacks: new Set(),
  executions: new Set(),
});
