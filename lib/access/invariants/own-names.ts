/**
 * Checks that the Lambdas publish events and metrics under Kedge's own names. A Lambda could otherwise imitate
 * the events of AWS that wake lines, or set off an alarm of an application.
 */
import { eventSource, metrics, roles } from "#release/names/deployed-names.ts";
import type { Invariant } from "./invariant.ts";

type OwnName = { readonly who: string; readonly action: string; readonly key: string; readonly name: string };

const ownNames: readonly OwnName[] = [
  { who: roles.reconcile, action: "events:PutEvents", key: "events:source", name: eventSource },
  {
    who: roles.execute,
    action: "cloudwatch:PutMetricData",
    key: "cloudwatch:namespace",
    name: metrics.namespace,
  },
];

export const ownNamesOnly: Invariant = {
  name: "own-names",
  sentence:
    "kedge-reconcile puts events of the source kedge alone, and kedge-execute counts metrics of the namespace Kedge alone.",
  objection: ({ actor, action, variant }) => {
    const own = ownNames.find((each) => each.who === actor.name && each.action === action);
    if (own === undefined || variant.context?.[own.key] === own.name) return undefined;
    return `the call does not have ${own.key} ${own.name}`;
  },
};
