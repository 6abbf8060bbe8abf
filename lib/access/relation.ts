/**
 * Who may do what where: every actor's calls at every place, put to the evaluator. The same relation answers again,
 * for the calls concerned alone, when some policies are read otherwise.
 */
import { evaluate, type NamedPolicy } from "@kedge/local-cloud/iam/evaluate";
import { opinion } from "@kedge/local-cloud/iam/opinion";
import { type PolicyDocument, parsePolicy } from "@kedge/local-cloud/iam/policy-document";
import { requestContext } from "@kedge/local-cloud/iam/request-context";
import { actionsAt, type Catalog, namedActions } from "./actions.ts";
import type { Place } from "./place.ts";
import { type Actor, unlimited } from "./principals.ts";
import { plain, type Variant, variantsOf } from "./variants.ts";
import type { Statement, World } from "./world.ts";

export type Probe = {
  readonly actor: Actor;
  readonly action: string;
  readonly place: Place;
  readonly variant: Variant;
};

/** Statements that stand in for a policy's own, by the policy's key. */
type Overrides = ReadonlyMap<string, readonly Statement[]>;

type Change = { readonly gained: readonly Probe[]; readonly lost: readonly Probe[] };

export type Relation = {
  readonly allowed: readonly Probe[];
  readonly may: (actor: Actor, action: string, place: Place, variant?: Variant) => boolean;
  /** What becomes possible and impossible when these policies are read otherwise. */
  readonly change: (overrides: Overrides) => Change;
  /** How many of the calls a statement would speak of, were it in the policy with this key. */
  readonly spokenOf: (key: string, statement: Statement) => number;
  /** The statements that allow the call, as `stack/resource/kind#index`. */
  readonly because: (probe: Probe) => readonly string[];
};

type RelationInput = {
  readonly world: World;
  readonly actors: readonly Actor[];
  readonly places: readonly Place[];
  readonly catalog: Catalog;
};

const none: Overrides = new Map();

export function relate({ world, actors, places, catalog }: RelationInput): Relation {
  const named = namedActions(world);
  const at = new Map(places.map((place) => [place, policiesAt(world, place)]));
  const variants = variantsOf(world, places);
  const read = documentReader(world);
  const contextOf = contextMaker();
  const opened = leftTo([...new Set(actors.flatMap(({ account }) => account ?? []))]);
  const probes = places.flatMap((place) => {
    const actions = actionsAt(place, catalog, named);
    return actors
      .filter((actor) => concerns(actor, place, (at.get(place) ?? []).length > 0))
      .flatMap((actor) =>
        actions.flatMap((action) =>
          variants(action, place, actor).map((variant): Probe => ({ actor, action, place, variant })),
        ),
      );
  });
  const onPlace = (place: Place, action: string): readonly string[] =>
    (at.get(place) ?? []).filter(
      (key) => (world.policies.get(key)?.kind === "trust") === action.startsWith("sts:"),
    );
  const policiesOf = ({ actor, action, place }: Probe): readonly string[] => [
    ...actor.identity,
    ...(actor.boundary === undefined ? [] : [actor.boundary]),
    ...onPlace(place, action),
  ];
  const ask = (probe: Probe, overrides: Overrides): boolean => {
    const { actor, action, place } = probe;
    const document = (key: string): NamedPolicy => read(key, action, overrides);
    const resource = place.open ? opened(place.open) : joined(onPlace(place, action).map(document));
    const identity = actor.identity.map(document);
    // Most calls are spoken of by nobody.
    if (!(actor.administrator || identity.some(allows) || (resource && allows(resource)))) return false;
    return evaluate(
      {
        administrator: actor.administrator,
        identity,
        boundary: actor.boundary === undefined ? undefined : document(actor.boundary),
        resource,
      },
      {
        action,
        resource: place.arn,
        resourceAccount: place.account,
        rule: action.startsWith("sts:")
          ? "trust"
          : place.service === "kms" && place.arn !== "*"
            ? "key"
            : undefined,
        subject: actor.subject,
        context: contextOf(probe),
      },
    ).allowed;
  };
  const base = probes.map((probe) => ask(probe, none));
  const byPolicy = indexed(probes, policiesOf);
  /** Only where a policy now says something else of the action can an answer change. */
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
    may: (actor, action, place, variant = plain) => ask({ actor, action, place, variant }, none),
    spokenOf: (key, statement) => {
      const { kind } = world.policies.get(key) ?? {};
      const alone: Overrides = new Map([[key, [statement]]]);
      let count = 0;
      for (const [action, indexes] of byPolicy.get(key) ?? []) {
        const { document } = read(key, action, alone);
        if (document.statements.length === 0) continue;
        for (const index of indexes) {
          const probe = probes[index];
          if (probe === undefined) continue;
          const { subject } = probe.actor;
          const question = { action, resource: probe.place.arn, context: contextOf(probe), subject };
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
        const policy = world.policies.get(key);
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

/** An account's administrator may do everything at home but what a resource denies, and without TLS nothing. */
function concerns(actor: Actor, place: Place, guarded: boolean): boolean {
  if (guarded) return true;
  if (place.open) return actor.kind === "role" || actor.kind === "application";
  return actor.account === place.account && (actor.kind === "role" || actor.kind === "application");
}

function policiesAt({ onResource, roles }: World, { arn, service }: Place): readonly string[] {
  const bucket = service === "s3" ? arn.split("/")[0] : undefined;
  const trust = roles.find((role) => role.arn === arn)?.trust;
  return [...(onResource.get(bucket ?? arn) ?? []), ...(trust === undefined ? [] : [trust])];
}

const whole = (statement: object): PolicyDocument =>
  parsePolicy(JSON.stringify({ Version: "2012-10-17", Statement: [statement] }));
const everything: NamedPolicy = {
  name: "everything",
  document: whole({ Effect: "Allow", Action: "*", Resource: "*" }),
};

/** Another's policy that leaves a call to the callers' own accounts. */
const leftTo = (accounts: readonly string[]): ((actions: readonly string[]) => NamedPolicy) => {
  const made = new Map<string, NamedPolicy>();
  return (actions) => {
    const key = actions.join();
    const held = made.get(key) ?? {
      name: "left to the callers' accounts",
      document: whole({ Effect: "Allow", Principal: { AWS: accounts }, Action: actions, Resource: "*" }),
    };
    made.set(key, held);
    return held;
  };
};

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

type DocumentReader = (key: string, action: string, overrides: Overrides) => NamedPolicy;

/** Each document is parsed once, and cut down to the statements that speak of an action once per action. */
function documentReader(world: World): DocumentReader {
  const cut = new WeakMap<readonly Statement[], Map<string, NamedPolicy>>();
  const parsed = new WeakMap<Statement, PolicyDocument>();
  const parse = (statement: Statement): PolicyDocument => {
    const held = parsed.get(statement) ?? whole(statement);
    parsed.set(statement, held);
    return held;
  };
  return (key, action, overrides) => {
    if (key === unlimited) return everything;
    const statements = overrides.get(key) ?? world.policies.get(key)?.statements ?? [];
    const byAction = cut.get(statements) ?? new Map<string, NamedPolicy>();
    cut.set(statements, byAction);
    const held = byAction.get(action);
    if (held !== undefined) return held;
    const speaking = statements
      .flatMap((statement) => parse(statement).statements)
      .filter(
        ({ action: { matchers, not } }) =>
          matchers.some((matches) => matches(action, () => undefined)) !== not,
      );
    const policy = { name: key, document: { statements: speaking } };
    byAction.set(action, policy);
    return policy;
  };
}

/** Contexts are large and few: one for each actor, account, region and variant. */
function contextMaker(): (probe: Probe) => ReturnType<typeof requestContext> {
  const made = new Map<string, ReturnType<typeof requestContext>>();
  return ({ actor, place, variant, action }) => {
    const region = place.arn.split(":")[3] || "us-east-1";
    const key = `${actor.id}|${place.account}|${region}|${variant.label}|${place.context ? place.kind : ""}`;
    const held = made.get(key);
    if (held !== undefined) return held;
    const context = requestContext({
      principal: actor.principal,
      request: { action, resource: place.arn, context: { ...place.context, ...variant.context } },
      resourceAccount: place.account,
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

/** Where each policy has a say, by action. */
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
