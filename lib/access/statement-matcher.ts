/**
 * Answers whether one statement decides a call. A statement is compared with each action and each resource once;
 * most statements concern few of them, so most calls need no evaluation.
 */

import { opinion } from "@kedge/local-cloud/iam/opinion";
import type { Patterns } from "@kedge/local-cloud/iam/policy-document";
import type { requestContext } from "@kedge/local-cloud/iam/request-context";
import type { Subject } from "@kedge/local-cloud/iam/subject";
import type { Statement } from "./deployed-estate.ts";
import type { DocumentReader } from "./document-reader.ts";

type Call = {
  readonly actor: { readonly subject: Subject };
  readonly action: string;
  readonly resource: { readonly arn: string };
};

type StatementMatcher<C> = {
  /** False when the statement names other resources only. */
  readonly mayConcern: (statement: Statement, resource: Call["resource"]) => boolean;
  /** True when the statement allows or denies the call by itself. `named`: its policy names principals. */
  readonly applies: (statement: Statement, probe: C, named: boolean) => boolean;
};

export function statementMatcher<C extends Call>(
  read: DocumentReader,
  contextOf: (probe: C) => ReturnType<typeof requestContext>,
): StatementMatcher<C> {
  const actions = new WeakMap<Statement, Map<string, boolean>>();
  const aboutAction = (statement: Statement, action: string): boolean => {
    const known = actions.get(statement) ?? new Map<string, boolean>();
    actions.set(statement, known);
    const held =
      known.get(action) ?? read.alone(statement).statements.some((each) => covers(each.action, action));
    known.set(action, held);
    return held;
  };
  return {
    mayConcern: (statement, { arn }) =>
      JSON.stringify(statement["Resource"] ?? "").includes("${") ||
      read
        .alone(statement)
        .statements.some(({ resource }) => resource === undefined || covers(resource, arn)),
    applies: (statement, probe, named) => {
      const { actor, action, resource } = probe;
      if (!aboutAction(statement, action)) return false;
      const question = { action, resource: resource.arn, context: contextOf(probe), subject: actor.subject };
      const { denies, allows } = opinion(read.alone(statement), question, named);
      return denies !== undefined || allows !== undefined;
    },
  };
}

const covers = (patterns: Patterns, text: string): boolean =>
  patterns.matchers.some((matches) => matches(text, () => undefined)) !== patterns.not;
