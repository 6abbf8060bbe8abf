/** Describes a resource that the analysis tries calls at, and the short notation for samples of resources. */
import type { AccountRole } from "./account-role.ts";

export type ProbedResource = {
  readonly arn: string;
  /** The kind of resource, the same in every account: `an asset`, `a foreign bucket`. */
  readonly kind: string;
  readonly account: string;
  readonly service: string;
  /** IAM's resource types; absent means all types of the service. */
  readonly types?: readonly string[];
  /** The tenant that owns it: an anchor's name, or `central`. */
  readonly tenant: string;
  /** The resource is in a region of the estate's environments other than the anchor's. */
  readonly further?: true;
  /** Condition keys that the service sets for the resource. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
  /**
   * Calls that the owner allows to all accounts, so the callers' policies decide. AWS's public resources are
   * like this; for a foreign key the worst case is every call.
   */
  readonly open?: readonly string[];
  /** The statement of a policy that AWS writes, for the key of a service. Principals need no right of their own. */
  readonly ofAws?: object;
  /** Tags that IAM compares. */
  readonly tags?: Readonly<Record<string, string>>;
  /** A resource of one application. Only calls of applications are tried at it, with every action. */
  readonly ofAnApplication?: true;
};

/** The value of the tag with the name of the sample application. */
export const applicationTag = "app";

/** A region that no estate uses: AWS has no region of this name. */
export const otherRegion = "xx-nowhere-1";

const further = " in a further region";
/** The name of a kind of resource in a further region. */
export const inFurtherRegion = (kind: string): string => `${kind}${further}`;
export const isInFurtherRegion = (kind: string): boolean => kind.endsWith(further);

/** The name of a resource in needs: its kind, and a suffix when it is in a further region. */
export const calledIn = (resource: ProbedResource): string =>
  resource.further ? inFurtherRegion(resource.kind) : resource.kind;

/** Handlers exist only where the estate names them for a target. */
export const aHandlersProject = "a handler's project";
export const aHandlersFunction = "a handler's function";
export const isHandler = (kind: string): boolean => kind.startsWith("a handler's");

/** The key `aws/ssm`, which encrypts secure parameters. */
export const aKeyOfParameters = "the key of secure parameters";

/** IAM's resource types by which a caller invokes a function. */
export const functionTypes: readonly string[] = ["function", "function alias", "function version"];

export type Sample = readonly [
  kind: string,
  service: string,
  types: readonly string[] | undefined,
  arn: string,
  context?: ProbedResource["context"],
];

export const sampled = (
  { account, tenant }: AccountRole,
  rows: readonly Sample[],
): readonly ProbedResource[] =>
  rows.map(([kind, service, types, arn, context]) => ({
    kind,
    service,
    arn,
    account,
    tenant,
    ...(types && { types }),
    ...(context && { context }),
  }));
