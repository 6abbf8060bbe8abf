/** Evaluates the conditions of a template. A condition with an unknown value is a doubt, not true or false. */
import { isObject, type PlainValue } from "#release/document/template-document.ts";
import { type Scope, sectionOf } from "./scope.ts";
import type { Doubt, Seen } from "./seen.ts";

type Holds = boolean | Doubt;
type Read = (expression: PlainValue | undefined, scope: Scope) => readonly Seen[];

/** `read` evaluates expressions; an argument, because expressions contain conditions in their turn. */
export function conditionHolds(name: string, scope: Scope, read: Read): Holds {
  const known = scope.conditions.get(name);
  if (known !== undefined) return known;
  const unclear: Doubt = { why: `the condition ${name} cannot be evaluated` };
  scope.conditions.set(name, unclear);
  const condition = sectionOf(scope.document, "Conditions")[name];
  const holds = condition === undefined ? unclear : evaluated(condition, scope, read);
  scope.conditions.set(name, holds);
  return holds;
}

function evaluated(condition: PlainValue, scope: Scope, read: Read): Holds {
  if (!isObject(condition)) return { why: "a condition is no function" };
  const [name = ""] = Object.keys(condition);
  const argument = condition[name] ?? null;
  const all = Array.isArray(argument) ? (argument as readonly PlainValue[]) : [];
  const each = () => all.map((inner) => evaluated(inner, scope, read));
  switch (name) {
    case "Condition":
      return conditionHolds(String(argument), scope, read);
    case "Fn::Equals":
      return equal(read(all[0], scope), read(all[1], scope));
    case "Fn::Not":
      return negated(each()[0]);
    case "Fn::And":
      return combined(each(), false);
    case "Fn::Or":
      return combined(each(), true);
    default:
      return { why: `${name} is evaluated in the account` };
  }
}

function equal([a, ...moreA]: readonly Seen[], [b, ...moreB]: readonly Seen[]): Holds {
  const doubt = a?.doubt ?? b?.doubt ?? a?.maybe ?? b?.maybe;
  if (doubt !== undefined) return doubt;
  if (a === undefined || b === undefined || moreA.length + moreB.length > 0)
    return { why: "a condition compares several values" };
  // CloudFormation compares texts. The texts of two maps would be equal.
  if (typeof a.value === "object" || typeof b.value === "object")
    return { why: "a condition compares a list or a map" };
  return String(a.value) === String(b.value);
}

const negated = (holds: Holds | undefined): Holds =>
  typeof holds === "boolean" ? !holds : (holds ?? { why: "a Fn::Not has no condition" });

/** One `decisive` answer decides; otherwise every answer has to be known. */
function combined(answers: readonly Holds[], decisive: boolean): Holds {
  if (answers.includes(decisive)) return decisive;
  return answers.find((answer): answer is Doubt => typeof answer !== "boolean") ?? !decisive;
}
