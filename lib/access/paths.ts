/**
 * Finds attack paths: a breadth-first search for the shortest way from a dev team's people and code to a
 * capability that is not theirs.
 */
import { roles } from "#release/names/deployed-names.ts";
import type { Analysis } from "./analysis.ts";
import { type Capability, capabilityOf } from "./capabilities.ts";
import type { Probe } from "./relation.ts";
import { type Step, stepsFrom } from "./steps.ts";

type Start = {
  readonly name: string;
  /** The ids of the actors at the start. */
  readonly as: readonly string[];
  /** Capabilities that the start has by design. */
  readonly own: readonly string[];
  readonly account: string;
};

type Path = {
  readonly start: Start;
  readonly steps: readonly Step[];
  readonly last: Probe;
  readonly reaches: string;
};

/**
 * The starts: a CI, the code of an artifact's smoke test, a configuration that is planned, the code that an application
 * runs in any target, and its template in a target without approval. The template acts as CloudFormation's execution
 * role and as the worst role that a template can create; the code acts as that role alone.
 */
export function startsOf({ accountRoles, actors }: Analysis): readonly Start[] {
  const role = (account: string, name: string): string => `arn:aws:iam::${account}:role/${name}`;
  const worstIn = (account: string): string =>
    actors.find((actor) => actor.kind === "application" && actor.account === account)?.id ?? "";
  return accountRoles.flatMap(({ purpose, account, label, gated }): readonly Start[] => {
    if (purpose === "anchor")
      return [
        { name: `a CI of ${label}`, as: [role(account, roles.ci)], own: ["upload an artifact"], account },
        {
          name: `an artifact's smoke test in ${label}`,
          // The worst policy that the role of a line's smoke tests can have under its boundary.
          as: [role(account, roles.smokeTest), worstIn(account)],
          own: [],
          account,
        },
      ];
    if (purpose !== "target") return [];
    const planning: Start = {
      name: `a plan before an approval in ${label}`,
      as: [role(account, roles.plan)],
      own: ["write a build's plan"],
      account,
    };
    const worst = worstIn(account);
    const atRunTime = ["write a build's plan", "run a build in a target", "move traffic"];
    const running: Start = {
      name: `a function, a build or a custom resource in ${label}`,
      as: [worst],
      own: atRunTime,
      account,
    };
    if (gated) return [planning, running];
    return [
      planning,
      running,
      {
        name: `an application's template in ${label}`,
        as: [role(account, roles.cloudformation), worst],
        own: [...atRunTime, "change an application without its pipeline"],
        account,
      },
    ];
  });
}

/** `calls`: the calls that an actor can make, by the actor's id. */
export function forbiddenPaths(
  analysis: Analysis,
  calls: (actorId: string) => readonly Probe[],
): readonly Path[] {
  return startsOf(analysis).flatMap((start) => {
    const found = shortest(start, analysis, calls);
    return found ? [found] : [];
  });
}

/** The ids of all actors that an attacker can become, from any start. */
export function reachedFromStarts(
  analysis: Analysis,
  calls: (actorId: string) => readonly Probe[],
): ReadonlySet<string> {
  const seen = new Set(startsOf(analysis).flatMap(({ as }) => as));
  // The loop also visits the ids that it adds.
  for (const id of seen) for (const { to } of stepsFrom(calls(id), analysis.estate)) seen.add(to);
  return seen;
}

function shortest(
  start: Start,
  { estate }: Analysis,
  calls: (id: string) => readonly Probe[],
): Path | undefined {
  const seen = new Set(start.as);
  let edge: readonly { readonly id: string; readonly steps: readonly Step[] }[] = start.as.map((id) => ({
    id,
    steps: [],
  }));
  while (edge.length > 0) {
    const next: { id: string; steps: readonly Step[] }[] = [];
    for (const { id, steps } of edge) {
      const possible = calls(id);
      const last = possible.find((probe) => forbidden(capabilityOf(probe), probe, start));
      if (last) return { start, steps, last, reaches: capabilityOf(last)?.name ?? "" };
      for (const step of stepsFrom(possible, estate)) {
        if (seen.has(step.to)) continue;
        seen.add(step.to);
        if (step.to.endsWith(":root"))
          return { start, steps: [...steps, step], last: step.probe, reaches: "become an administrator" };
        next.push({ id: step.to, steps: [...steps, step] });
      }
    }
    edge = next;
  }
  return undefined;
}

/** A team's template may change applications of its own account; the account exists for that. */
function forbidden(
  capability: Capability | undefined,
  { resource }: Probe,
  { own, account }: Start,
): boolean {
  if (capability === undefined) return false;
  if (!own.includes(capability.name)) return true;
  const elsewhere = resource.account !== account;
  return elsewhere && !["upload an artifact", "write a build's plan"].includes(capability.name);
}
