/**
 * Tells the embedded cloud which functions are Kedge's own: their code is this checkout's, so they may run in the
 * cloud's process. Kedge deploys its functions to the central account and to anchors, each with a role of its own
 * name. Artifacts are deployed to targets, and the boundary gives them no such names there.
 */
import type { Estate } from "#release/estate/estate.ts";
import { functions } from "#release/names/deployed-names.ts";

const names: ReadonlySet<string> = new Set(Object.values(functions));

export function isProductFunction({ central, anchors }: Estate) {
  const accounts = new Set([central, ...anchors.map(({ account }) => account)]);
  return (lambda: { readonly account: string; readonly name: string; readonly role: string }): boolean =>
    accounts.has(lambda.account) &&
    names.has(lambda.name) &&
    lambda.role === `arn:aws:iam::${lambda.account}:role/${lambda.name}`;
}
