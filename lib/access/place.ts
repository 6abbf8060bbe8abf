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
  /** In a region of the estate's environments that is not the anchor's. */
  readonly further?: true;
  /** Condition keys the service tells of it. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
  /** Calls its owner leaves to the callers' own accounts, as AWS and others do; in the worst case all of a key's. */
  readonly open?: readonly string[];
};

/** Where nothing of any estate is: AWS has no region of this name. */
export const otherRegion = "xx-nowhere-1";

const further = " in a further region";
/** What a kind of place is called where it is in a further region. */
export const inFurtherRegion = (kind: string): string => `${kind}${further}`;
export const isInFurtherRegion = (kind: string): boolean => kind.endsWith(further);

/** What a place is called: its kind, and whether it is at home. */
export const calledIn = (place: Place): string => (place.further ? inFurtherRegion(place.kind) : place.kind);

/** What the estate names for a target; where it names none, there are none. */
export const aHandlersProject = "a handler's project";
export const aHandlersFunction = "a handler's function";
export const isHandler = (kind: string): boolean => kind.startsWith("a handler's");

/** IAM's types of what a function is called by. */
export const functionTypes: readonly string[] = ["function", "function alias", "function version"];

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
