/** What a client knows of a cloud that may die under any call: what was acknowledged, and what was asked and never answered. */

type Put = { readonly key: string; readonly sha256: string };

export type Ledger = {
  /** Acknowledged versions by their id. */
  readonly versions: Map<string, Put>;
  /** Versions whose deletion was asked, and those of them whose deletion was acknowledged. */
  readonly deleting: Set<string>;
  readonly deleted: Set<string>;
  /** Bodies of messages: acknowledged, received with the intention to delete, acknowledged as deleted. */
  readonly sent: Set<string>;
  readonly taking: Set<string>;
  readonly taken: Set<string>;
  /** Bodies by group, in the order they were acknowledged in. */
  readonly groups: Map<string, string[]>;
  /** By parameter: the last value acknowledged, and the last one asked for. */
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
