/**
 * Asks the evaluator of IAM about every call of every actor at every resource. `change` asks again about the
 * calls concerned when some policies have other statements.
 */
import { evaluate, type NamedPolicy } from "@kedge/local-cloud/iam/evaluate";
import { opinion } from "@kedge/local-cloud/iam/opinion";
import { requestContext } from "@kedge/local-cloud/iam/request-context";
import { actionsAt, type Catalog, namedActions } from "./actions.ts";
import type { DeployedEstate, Statement } from "./deployed-estate.ts";
import { type DocumentReader, documentReader, leftTo, type Overrides } from "./document-reader.ts";
import type { Actor } from "./principals.ts";
import type { ProbedResource } from "./resource.ts";
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
      .filter((actor) => concerns(actor, resource, (at.get(resource) ?? []).length > 0))
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
  const ask = (probe: Probe, overrides: Overrides): boolean => {
    const { actor, action, resource } = probe;
    const document = (key: string): NamedPolicy => read(key, action, overrides);
    const resourcePolicy = resource.open
      ? opened(resource.open)
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
  /** An answer can change only where a policy has other statements about the action. */
  const concernedBy = (overrides: Overrides): ReadonlySet<number> => {
    const found = new Set<number>();
    for (const key of overrides.keys())
      for (const [action, indexes] of byPolicy.get(key) ?? [])
        if (!same(read(key, action, none), read(key, action, overrides)))
          for (const index of indexes) found.add(index);
    return found;
  };
  return {
    allowed: probes.filter((_, index) => base[index]),
    may: (actor, action, resource, variant = plain) => ask({ actor, action, resource, variant }, none),
    callsMatched: (key, statement) => {
      const { kind } = estate.policies.get(key) ?? {};
      const alone: Overrides = new Map([[key, [statement]]]);
      let count = 0;
      for (const [action, indexes] of byPolicy.get(key) ?? []) {
        const { document } = read(key, action, alone);
        if (document.statements.length === 0) continue;
        for (const index of indexes) {
          const probe = probes[index];
          if (probe === undefined) continue;
          const { subject } = probe.actor;
          const question = { action, resource: probe.resource.arn, context: contextOf(probe), subject };
          const { denies, allows: grade } = opinion(
            document,
            question,
            kind === "trust" || kind === "resource",
          );
          if (denies !== undefined || grade !== undefined) count += 1;
        }
      }
      return count;
    },
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
            statement["Effect"] === "Allow" && read(key, probe.action, alone).document.statements.length > 0;
          return counts && !ask(probe, without) ? [`${policy?.source}#${index}`] : [];
        });
      }),
  };
}

const same = ({ document: one }: NamedPolicy, { document: other }: NamedPolicy): boolean =>
  one.statements.length === other.statements.length &&
  one.statements.every((statement, at) => statement === other.statements[at]);

/**
 * Selects the actors to ask about a resource without policies of its own. An account's administrator is left
 * out: identity policies do not limit him at home.
 */
function concerns(actor: Actor, resource: ProbedResource, guarded: boolean): boolean {
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

/** Shares one context per actor, account, region and variant: contexts are large and few. */
function contextMaker(): (probe: Probe) => ReturnType<typeof requestContext> {
  const made = new Map<string, ReturnType<typeof requestContext>>();
  return ({ actor, resource, variant, action }) => {
    const region = resource.arn.split(":")[3] || "us-east-1";
    const given = variant.context === undefined ? "" : JSON.stringify(variant.context);
    const key = `${actor.id}|${resource.account}|${region}|${variant.label}|${given}|${resource.context ? resource.kind : ""}`;
    const held = made.get(key);
    if (held !== undefined) return held;
    const context = requestContext({
      principal: actor.principal,
      request: { action, resource: resource.arn, context: { ...resource.context, ...variant.context } },
      resourceAccount: resource.account,
      region,
      now: new Date(0),
      sourceIp: "192.0.2.1",
      secure: variant.secure ?? true,
      entityTags: {},
      membershipOf: () => undefined,
    });
    made.set(key, context);
    return context;
  };
}

/** The calls that each policy can decide, by action. */
function indexed(
  probes: readonly Probe[],
  keysOf: (probe: Probe) => readonly string[],
): ReadonlyMap<string, ReadonlyMap<string, readonly number[]>> {
  const index = new Map<string, Map<string, number[]>>();
  for (const [at, probe] of probes.entries())
    for (const key of keysOf(probe)) {
      const byAction = index.get(key) ?? new Map<string, number[]>();
      index.set(key, byAction);
      const list = byAction.get(probe.action);
      if (list === undefined) byAction.set(probe.action, [at]);
      else list.push(at);
    }
  return index;
}
