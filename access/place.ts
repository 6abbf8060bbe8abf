/** One place a call can concern, and how samples of places are written down. */
import type { Standing } from "./standing.ts";

export type Place = {
  readonly arn: string;
  /** What it is, in a word that is the same in every account: `a part`, `a stranger's bucket`. */
  readonly kind: string;
  readonly account: string;
  readonly service: string;
  /** IAM's types of resource; absent: all of the service. */
  readonly types?: readonly string[];
  /** Whose it is: an anchor's name, or `central`. */
  readonly tenant: string;
  /** Condition keys the service tells of it. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
  /** Calls its owner leaves to the callers' own accounts, as AWS and others do; in the worst case all of a key's. */
  readonly open?: readonly string[];
};

/** Where nothing of the estate is. */
export const otherRegion = "ap-south-1";

export type Sample = readonly [
  kind: string,
  service: string,
  types: readonly string[] | undefined,
  arn: string,
  context?: Place["context"],
];

export const sampled = ({ account, tenant }: Standing, rows: readonly Sample[]): readonly Place[] =>
  rows.map(([kind, service, types, arn, context]) => ({
    kind,
    service,
    arn,
    account,
    tenant,
    ...(types && { types }),
    ...(context && { context }),
  }));
