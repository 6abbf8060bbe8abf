/** Reads the documents of policies for the evaluator, each cut down to the statements about one action. */
import type { NamedPolicy } from "@kedge/local-cloud/iam/evaluate";
import { type PolicyDocument, parsePolicy } from "@kedge/local-cloud/iam/policy-document";
import type { DeployedEstate, Statement } from "./deployed-estate.ts";
import { unlimited } from "./principals.ts";

/** Statements that replace those of a policy, by the policy's key. */
export type Overrides = ReadonlyMap<string, readonly Statement[]>;

const whole = (statement: object): PolicyDocument =>
  parsePolicy(JSON.stringify({ Version: "2012-10-17", Statement: [statement] }));
const everything: NamedPolicy = {
  name: "everything",
  document: whole({ Effect: "Allow", Action: "*", Resource: "*" }),
};

/**
 * The policy of a foreign owner that allows these actions to all accounts, so the callers' own policies
 * decide.
 */
export const leftTo = (accounts: readonly string[]): ((actions: readonly string[]) => NamedPolicy) => {
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

const isAbout = (
  { action: { matchers, not } }: PolicyDocument["statements"][number],
  action: string,
): boolean => matchers.some((matches) => matches(action, () => undefined)) !== not;

export const about = ({ statements }: PolicyDocument, action: string): boolean =>
  statements.some((statement) => isAbout(statement, action));

export type DocumentReader = {
  /** The policy's statements about the action. */
  readonly about: (key: string, action: string, overrides: Overrides) => NamedPolicy;
  /** The statement as a policy of its own. */
  readonly alone: (statement: Statement) => PolicyDocument;
};

/** Parses each statement once, and selects the statements about an action once per action. */
export function documentReader(estate: DeployedEstate): DocumentReader {
  const cut = new WeakMap<readonly Statement[], Map<string, NamedPolicy>>();
  const parsed = new WeakMap<Statement, PolicyDocument>();
  const parse = (statement: Statement): PolicyDocument => {
    const held = parsed.get(statement) ?? whole(statement);
    parsed.set(statement, held);
    return held;
  };
  const about: DocumentReader["about"] = (key, action, overrides) => {
    if (key === unlimited) return everything;
    const statements = overrides.get(key) ?? estate.policies.get(key)?.statements ?? [];
    const byAction = cut.get(statements) ?? new Map<string, NamedPolicy>();
    cut.set(statements, byAction);
    const held = byAction.get(action);
    if (held !== undefined) return held;
    const speaking = statements
      .flatMap((statement) => parse(statement).statements)
      .filter((statement) => isAbout(statement, action));
    const policy = { name: key, document: { statements: speaking } };
    byAction.set(action, policy);
    return policy;
  };
  return { about, alone: parse };
}
