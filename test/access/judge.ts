/** The judgement of a mutant: a check noticed it, it does no harm for a reason, or it survives. */
import { controls } from "#access/actions.ts";
import type { Analysis } from "#access/analysis.ts";
import { keysOf, objections, said } from "#access/check.ts";
import { type DeployedEstate, type Statement, strings } from "#access/deployed-estate.ts";
import { inexact } from "#access/invariants/exact-calls.ts";
import { acceptedBecause } from "#access/needs/accepted.ts";
import { isOpen } from "#access/open-statements.ts";
import { forbiddenPaths, reachedFromStarts } from "#access/paths.ts";
import type { Probe } from "#access/relation.ts";
import { roles } from "#release/names/deployed-names.ts";
import type { Mutant } from "./mutants.ts";
import { read } from "./reported.ts";

type Judgement =
  | { readonly noticed: string; readonly says: string }
  | { readonly harmless: string }
  | { readonly survives: string };

export function judgeOf(analysis: Analysis): (mutant: Mutant) => Judgement {
  const { relation, needs, actors } = analysis;
  const counts = new Map<string, number>();
  for (const probe of relation.allowed)
    for (const key of keysOf(probe)) counts.set(key, (counts.get(key) ?? 0) + 1);
  const ids = Map.groupBy(
    actors.filter(({ kind }) => kind === "role"),
    ({ name }) => name,
  );
  const needed = new Set(
    needs.flatMap(({ who, action, at }) =>
      (ids.get(who)?.map(({ id }) => id) ?? [who]).flatMap((each) =>
        at.map((kind) => `${each} ${action} ${kind}`),
      ),
    ),
  );
  const byActor = Map.groupBy(relation.allowed, ({ actor }) => actor.id);
  const allowed = new Set(relation.allowed.map(idOf));
  const reached = reachedFromStarts(analysis, (id) => byActor.get(id) ?? []);
  const applicationIn = new Map(
    actors.filter(({ kind }) => kind === "application").map((actor) => [actor.account, actor]),
  );

  return (mutant) => {
    const { gained, lost } = relation.change(mutant.overrides);
    const opened = mutant.mutated !== undefined && mutant.kind !== "identity" && mutant.kind !== "boundary";
    if (opened && isOpen(mutant.mutated))
      return { noticed: "named-principals", says: "every principal is allowed" };
    const [objection] = objections(gained, analysis);
    if (objection)
      return { noticed: objection.invariant, says: `${said(objection.probe)}: ${objection.says}` };
    const gone = missingAfter(lost, gained, counts, needed);
    if (gone !== undefined) return { noticed: "nothing-missing", says: gone };
    const [idle] = read(analysis, mutant.overrides);
    if (idle) return { noticed: idle.invariant, says: idle.says };
    // A new path uses a new call, and the caller of the first new call was reached before.
    const further = gained.some(({ actor }) => reached.has(actor.id));
    const [path] = further ? forbiddenPaths(analysis, callsAfter(byActor, gained, lost)) : [];
    if (path) return { noticed: "no-path", says: `${path.start.name} can ${path.reaches}` };
    if (gained.length === 0 && lost.length === 0) return silent(mutant, analysis);
    const unexplained = gained.find((probe) => whyHarmless(probe, allowed, applicationIn) === undefined);
    if (unexplained) return { survives: said(unexplained) };
    const [first] = gained;
    if (first) return { harmless: whyHarmless(first, allowed, applicationIn) ?? "" };
    const strict = lost.find(({ actor }) => actor.kind === "role" && !inexact.has(actor.name));
    return strict
      ? { survives: `no longer: ${said(strict)}` }
      : { harmless: "it only takes rights away, from a role whose calls are not listed one by one" };
  };
}

const idOf = ({ actor, action, resource, variant }: Probe): string =>
  `${actor.id} ${action} ${resource.arn} ${variant.label}`;

/** Returns a need that no allowed call meets any more. */
function missingAfter(
  lost: readonly Probe[],
  gained: readonly Probe[],
  counts: ReadonlyMap<string, number>,
  needed: ReadonlySet<string>,
): string | undefined {
  const left = new Map<string, number>();
  const add = (probe: Probe, by: number): void => {
    for (const key of keysOf(probe)) left.set(key, (left.get(key) ?? counts.get(key) ?? 0) + by);
  };
  for (const probe of gained) add(probe, 1);
  for (const probe of lost) add(probe, -1);
  return [...left].find(([key, count]) => count === 0 && needed.has(key))?.[0];
}

const callsAfter =
  (byActor: ReadonlyMap<string, readonly Probe[]>, gained: readonly Probe[], lost: readonly Probe[]) =>
  (id: string): readonly Probe[] => [
    ...(lost.length === 0
      ? (byActor.get(id) ?? [])
      : (byActor.get(id) ?? []).filter((probe) => !lost.includes(probe))),
    ...gained.filter(({ actor }) => actor.id === id),
  ];

/**
 * Judges a mutant that changes no call: another policy decides these calls, or the analysis does not see
 * them.
 */
function silent(
  { source, index, kind, statement, mutated, overrides }: Mutant,
  { relation, estate }: Analysis,
): Judgement {
  const [key = ""] = overrides.keys();
  const before = relation.callsMatched(key, statement);
  const twin = before === 0 && twinElsewhere(key, statement, estate.policies, relation);
  if (twin) return { harmless: "its resources are in other accounts, where the same statement is judged" };
  if (before === 0 && strings(statement["Resource"]).every((each) => /[:/](:\*)?$/.test(each)))
    return { harmless: "it names resources that the estate lists, and the list is empty" };
  if (before === 0 && mutated === undefined)
    return { survives: `${source}#${index} names no resource of lib/access/resources.ts` };
  if (mutated === undefined)
    return statement["Effect"] === "Deny"
      ? { harmless: "no statement allows the calls that it denies" }
      : { harmless: "another statement or policy decides the same calls" };
  if (relation.callsMatched(key, mutated) > before)
    return { harmless: "the other policies that decide these calls still limit them" };
  if (kind === "resource" && mutated["Resource"] === "*")
    return { harmless: "a policy on a resource concerns that resource alone" };
  if (
    strings(statement["Resource"]).every((each) =>
      /^arn:aws:[a-z0-9]+:(::\*|\*:\*?:[a-z]*[:/]\*$)/.test(each),
    )
  )
    return { harmless: "it named every resource of its kind already" };
  if (mutated["Action"] !== statement["Action"] && before > 0)
    return { harmless: "no other call of the service fits its resources and conditions" };
  return { survives: "no resource of lib/access/resources.ts shows the difference" };
}

/** The launch roles are in every account, so their statements name resources that only some accounts have. */
function twinElsewhere(
  key: string,
  statement: Statement,
  policies: DeployedEstate["policies"],
  { callsMatched }: Analysis["relation"],
): boolean {
  const text = anonymous(statement);
  return [...policies.values()].some(
    (policy) =>
      policy.key !== key &&
      policy.statements.some((each) => anonymous(each) === text && callsMatched(policy.key, each) > 0),
  );
}

const anonymous = (statement: Statement): string => JSON.stringify(statement).replace(/\d{12}/g, "account");

/** Returns the reason why a call that became possible gives its caller no new power. */
function whyHarmless(
  probe: Probe,
  allowed: ReadonlySet<string>,
  applicationIn: ReadonlyMap<string | undefined, Probe["actor"]>,
): string | undefined {
  const { actor, resource } = probe;
  const owns = controls[resource.service]?.some((action) => allowed.has(idOf({ ...probe, action })));
  if (owns)
    return "a caller that may change the policy, the code or the rights of a resource controls it already";
  if (resource.open && resource.service !== "kms") return "its owner allows the call to every account";
  const reason = acceptedBecause(probe);
  if (reason !== undefined) return reason;
  if (actor.kind === "application" && actor.account === resource.account)
    return "in its own account an application may use each resource that is not Kedge's";
  if (actor.name === roles.plan && actor.account === resource.account)
    return "a plan may read what its account has, if it is no secret; plans-only-read objects to the rest";
  if (actor.name === roles.launch && actor.account === resource.account && !/^a foreign /.test(resource.kind))
    return "Service Catalog creates, changes and removes it as this role";
  const application = applicationIn.get(actor.account);
  if (
    actor.name === roles.cloudformation &&
    application &&
    allowed.has(idOf({ ...probe, actor: application }))
  )
    return "a template can create a role that may do it, under the same boundary";
  return undefined;
}
