/**
 * Evaluates one policy for one request: a deny, an allow with its grade (how precisely it names the
 * caller), or no statement.
 */
import { conditionsHold, type RequestContext } from "./conditions.ts";
import type { Resolve } from "./pattern.ts";
import type { Patterns, PolicyDocument, Statement } from "./policy-document.ts";
import { closer, type Grade, principalGrade } from "./principal-match.ts";
import type { Subject } from "./subject.ts";

export type Question = {
  readonly action: string;
  readonly resource: string;
  readonly context: RequestContext;
  readonly subject: Subject;
};

type Opinion = {
  /** The first statement that denies. */
  readonly denies: Statement | undefined;
  /** The closest grade of all statements that allow. */
  readonly allows: Grade | undefined;
};

/** `named`: the policy belongs to a resource, so its statements name their principals. */
export function opinion(policy: PolicyDocument, question: Question, named = false): Opinion {
  let allows: Grade | undefined;
  for (const statement of policy.statements) {
    const grade = named ? gradeOf(statement, question.subject) : "entity";
    if (grade === undefined || !applies(statement, question)) continue;
    if (statement.effect === "Deny") return { denies: statement, allows: undefined };
    allows = closer(allows, grade);
  }
  return { denies: undefined, allows };
}

const gradeOf = (statement: Statement, subject: Subject): Grade | undefined =>
  statement.principal && principalGrade(statement.principal, subject, statement.effect);

function applies(statement: Statement, { action, resource, context }: Question): boolean {
  const resolve: Resolve = (key) => {
    const values = context.get(key.toLowerCase());
    // A variable stands for a single value, so a key with several values cannot be used as a variable.
    return values?.length === 1 ? values[0] : undefined;
  };
  return (
    covers(statement.action, action, resolve) &&
    (statement.resource === undefined || covers(statement.resource, resource, resolve)) &&
    conditionsHold(statement.conditions, context, resolve)
  );
}

const covers = (patterns: Patterns, subject: string, resolve: Resolve): boolean =>
  patterns.matchers.some((matches) => matches(subject, resolve)) !== patterns.not;
