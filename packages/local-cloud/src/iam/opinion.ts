/** What one policy says to one request: a deny, an allow and how close it names the caller, or nothing. */
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

/** `named`: the policy sits on a resource, so its statements name their principals. */
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
    // A variable stands for one value; keys with several cannot be used as one.
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
