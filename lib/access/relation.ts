/**
 * Asks the evaluator of IAM about every call of every actor at every resource. `change` asks again about the
 * calls concerned when some policies have other statements.
 */
import { evaluate, type NamedPolicy } from "@kedge/local-cloud/iam/evaluate";
import { requestContext } from "@kedge/local-cloud/iam/request-context";
import { actionsAt, type Catalog, namedActions } from "./actions.ts";
import type { DeployedEstate, Statement } from "./deployed-estate.ts";
import { about, type DocumentReader, documentReader, leftTo, type Overrides } from "./document-reader.ts";
import type { Actor } from "./principals.ts";
import type { ProbedResource } from "./resource.ts";
import { statementMatcher } from "./statement-matcher.ts";
import { plain, type Variant, variantsOf } from "./variants.ts";

export type Probe = {
  readonly actor: Actor;
  readonly action: string;
  readonly resource: ProbedResource;
  readonly variant: Variant;
};

type Change = { readonly gained: readonly Probe[]; readonly lost: readonly Probe[] };

export type Relation = {
  readonly allowed: readonly Probe[];
  readonly may: (actor: Actor, action: string, resource: ProbedResource, variant?: Variant) => boolean;
  /** The calls that become possible and impossible with these statements in place of the policies' own. */
  readonly change: (overrides: Overrides) => Change;
  /** The number of calls that the statement would match in the policy with this key. */
  readonly callsMatched: (key: string, statement: Statement) => number;
  /** The allowed calls that the statement would match in the policy with this key. */
  readonly allowedBy: (key: string, statement: Statement) => readonly Probe[];
  /** The statements that allow the call, as `stack/resource/kind#index`. */
  readonly because: (probe: Probe) => readonly string[];
};

type RelationInput = {
  readonly estate: DeployedEstate;
  readonly actors: readonly Actor[];
  readonly resources: readonly ProbedResource[];
  readonly catalog: Catalog;
};

const none: Overrides = new Map();

export function relate({ estate, actors, resources, catalog }: RelationInput): Relation {
  const named = namedActions(estate);
  const at = new Map(resources.map((resource) => [resource, policiesAt(estate, resource)]));
  const variants = variantsOf(estate, resources);
  const read = documentReader(estate);
  const contextOf = contextMaker();
  const opened = leftTo([...new Set(actors.flatMap(({ account }) => account ?? []))]);
  const probes = resources.flatMap((resource) => {
    const actions = actionsAt(resource, catalog, named);
    return actors
      .filter((actor) =>
        concerns(actor, resource, resource.ofAws !== undefined || (at.get(resource) ?? []).length > 0),
      )
      .flatMap((actor) =>
        actions.flatMap((action) =>
          variants(action, resource, actor).map((variant): Probe => ({ actor, action, resource, variant })),
        ),
      );
  });
  const asker = createAsker({ estate, at, read, contextOf, opened });
  return answersOf(estate, read, probes, asker);
}

/** Asks the evaluator, and names the policies that it reads for a call. */
type Asker = {
  readonly policiesOf: (probe: Probe) => readonly string[];
  readonly ask: (probe: Probe, overrides: Overrides) => boolean;
  readonly contextOf: ReturnType<typeof contextMaker>;
};

function createAsker(input: {
  readonly estate: DeployedEstate;
  /** The policies on each resource. */
  readonly at: ReadonlyMap<ProbedResource, readonly string[]>;
  readonly read: DocumentReader;
  readonly contextOf: ReturnType<typeof contextMaker>;
  readonly opened: ReturnType<typeof leftTo>;
}): Asker {
  const { estate, at, read, contextOf, opened } = input;
  const resourcePolicies = (resource: ProbedResource, action: string): readonly string[] =>
    (at.get(resource) ?? []).filter(
      (key) => (estate.policies.get(key)?.kind === "trust") === action.startsWith("sts:"),
    );
  const policiesOf = ({ actor, action, resource }: Probe): readonly string[] => [
    ...actor.identity,
    ...(actor.boundary === undefined ? [] : [actor.boundary]),
    ...resourcePolicies(resource, action),
  ];
  const ofAws = (statement: object, action: string): NamedPolicy | undefined => {
    const document = read.alone(statement as Statement);
    return about(document, action) ? { name: "written by AWS", document } : undefined;
  };
  const ask = (probe: Probe, overrides: Overrides): boolean => {
    const { actor, action, resource } = probe;
    const document = (key: string): NamedPolicy => read.about(key, action, overrides);
    const resourcePolicy = resource.open
      ? opened(resource.open)
      : resource.ofAws
        ? ofAws(resource.ofAws, action)
        : joined(resourcePolicies(resource, action).map(document));
    const identity = actor.identity.map(document);
    // No policy allows most calls, so this test spares the evaluator.
    if (!(actor.administrator || identity.some(allows) || (resourcePolicy && allows(resourcePolicy))))
      return false;
    return evaluate(
      {
        administrator: actor.administrator,
        identity,
        boundary: actor.boundary === undefined ? undefined : document(actor.boundary),
        resource: resourcePolicy,
      },
      {
        action,
        resource: resource.arn,
        resourceAccount: resource.account,
        rule: action.startsWith("sts:")
          ? "trust"
          : resource.service === "kms" && resource.arn !== "*"
            ? "key"
            : undefined,
        subject: actor.subject,
        context: contextOf(probe),
      },
    ).allowed;
  };
  return { policiesOf, ask, contextOf };
}

/** Evaluates every call once; `change` and `because` evaluate single calls again. */
function answersOf(
  estate: DeployedEstate,
  read: DocumentReader,
  probes: readonly Probe[],
  { ask, policiesOf, contextOf }: Asker,
): Relation {
  const base = probes.map((probe) => ask(probe, none));
  const byPolicy = indexed(probes, policiesOf);
  const matching = statementMatcher<Probe>(read, contextOf);
  /** Yields the calls that one of the statements decides in the policy of the key, independent of other statements. */
  const decided = function* (key: string, statements: readonly Statement[]): Generator<number> {
    const named = ["trust", "resource"].includes(estate.policies.get(key)?.kind ?? "");
    for (const [resource, indexes] of byPolicy.get(key) ?? []) {
      const there = statements.filter((statement) => matching.mayConcern(statement, resource));
      if (there.length === 0) continue;
      for (const index of indexes) {
        const probe = probes[index];
        if (probe && there.some((statement) => matching.applies(statement, probe, named))) yield index;
      }
    }
  };
  /** An answer can change only where a statement that is new, or that is gone, decides the call. */
  const concernedBy = (overrides: Overrides): ReadonlySet<number> => {
    const found = new Set<number>();
    for (const [key, after] of overrides) {
      const before = estate.policies.get(key)?.statements ?? [];
      const changed = [
        ...before.filter((each) => !after.includes(each)),
        ...after.filter((each) => !before.includes(each)),
      ];
      for (const index of decided(key, changed)) found.add(index);
    }
    return found;
  };
  return {
    allowed: probes.filter((_, index) => base[index]),
    may: (actor, action, resource, variant = plain) => ask({ actor, action, resource, variant }, none),
    callsMatched: (key, statement) => [...decided(key, [statement])].length,
    allowedBy: (key, statement) =>
      [...decided(key, [statement])].flatMap((index) => {
        const probe = probes[index];
        return probe && base[index] ? [probe] : [];
      }),
    change: (overrides) => {
      const gained: Probe[] = [];
      const lost: Probe[] = [];
      for (const index of concernedBy(overrides)) {
        const probe = probes[index];
        if (probe === undefined) continue;
        const now = ask(probe, overrides);
        if (now !== base[index]) (now ? gained : lost).push(probe);
      }
      return { gained, lost };
    },
    because: (probe) =>
      policiesOf(probe).flatMap((key) => {
        const policy = estate.policies.get(key);
        return (policy?.statements ?? []).flatMap((statement, index) => {
          const alone = new Map([[key, [statement]]]);
          const without = new Map([[key, (policy?.statements ?? []).filter((each) => each !== statement)]]);
          const counts =
            statement["Effect"] === "Allow" &&
            read.about(key, probe.action, alone).document.statements.length > 0;
          return counts && !ask(probe, without) ? [`${policy?.source}#${index}`] : [];
        });
      }),
  };
}

/**
 * Selects the actors to ask about a resource without policies of its own. An account's administrator is left
 * out: identity policies do not limit him at home.
 */
function concerns(actor: Actor, resource: ProbedResource, guarded: boolean): boolean {
  if (resource.ofAnApplication) return actor.kind === "application" && actor.account === resource.account;
  if (guarded) return true;
  if (resource.open) return actor.kind === "role" || actor.kind === "application";
  return actor.account === resource.account && (actor.kind === "role" || actor.kind === "application");
}

function policiesAt(
  { onResource, roles }: DeployedEstate,
  { arn, service }: ProbedResource,
): readonly string[] {
  const bucket = service === "s3" ? arn.split("/")[0] : undefined;
  const trust = roles.find((role) => role.arn === arn)?.trust;
  return [...(onResource.get(bucket ?? arn) ?? []), ...(trust === undefined ? [] : [trust])];
}

const allows = ({ document }: NamedPolicy): boolean =>
  document.statements.some(({ effect }) => effect === "Allow");

const joined = (policies: readonly NamedPolicy[]): NamedPolicy | undefined => {
  const [first, ...others] = policies;
  if (first === undefined || others.length === 0) return first;
  return {
    name: first.name,
    document: { statements: policies.flatMap(({ document }) => document.statements) },
  };
};

/** AWS does not promise to compare a role's tags when the role is passed (IAM User Guide, "Grant permissions to pass a role"). */
const comparesTags = (action: string): boolean => action !== "iam:PassRole";

/** Shares one context per actor, account, region and variant: contexts are large and few. */
function contextMaker(): (probe: Probe) => ReturnType<typeof requestContext> {
  const ofProbe = new WeakMap<Probe, ReturnType<typeof requestContext>>();
  const byVariant = new WeakMap<Actor, WeakMap<Variant, Map<string, ReturnType<typeof requestContext>>>>();
  return (probe) => {
    const known = ofProbe.get(probe);
    if (known !== undefined) return known;
    const { actor, resource, variant, action } = probe;
    const region = resource.arn.split(":")[3] || "us-east-1";
    const ofActor = byVariant.get(actor) ?? new WeakMap();
    byVariant.set(actor, ofActor);
    const made: Map<string, ReturnType<typeof requestContext>> = ofActor.get(variant) ?? new Map();
    ofActor.set(variant, made);
    const own = resource.context || resource.tags ? resource.kind : "";
    const key = `${resource.account}|${region}|${own}|${comparesTags(action)}`;
    const context =
      made.get(key) ??
      requestContext({
        principal: actor.principal,
        request: {
          action,
          resource: resource.arn,
          context: { ...resource.context, ...variant.context },
          ...(comparesTags(action) && resource.tags && { tags: resource.tags }),
        },
        resourceAccount: resource.account,
        region,
        now: new Date(0),
        sourceIp: "192.0.2.1",
        secure: variant.secure ?? true,
        entityTags: {},
        membershipOf: () => undefined,
      });
    made.set(key, context);
    ofProbe.set(probe, context);
    return context;
  };
}

/** The calls that each policy can decide, by resource. */
function indexed(
  probes: readonly Probe[],
  keysOf: (probe: Probe) => readonly string[],
): ReadonlyMap<string, ReadonlyMap<ProbedResource, readonly number[]>> {
  const index = new Map<string, Map<ProbedResource, number[]>>();
  for (const [at, probe] of probes.entries())
    for (const key of keysOf(probe)) {
      const byResource = index.get(key) ?? new Map<ProbedResource, number[]>();
      index.set(key, byResource);
      const list = byResource.get(probe.resource);
      if (list === undefined) byResource.set(probe.resource, [at]);
      else list.push(at);
    }
  return index;
}
