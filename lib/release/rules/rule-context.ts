/** Writes and reads the contexts that travel with a packaged release, one for each environment. */
import { describeProblems, valueTree } from "#release/document/node-tree.ts";
import {
  listOf,
  mapOf,
  object,
  oneOf,
  optional,
  readShape,
  type Shape,
  text,
} from "#release/document/shape.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { RuleContext } from "./findings.ts";
import { type Severity, severities } from "./rule.ts";
import { type RuleId, ruleIds, rules } from "./rules.ts";
import { type OwnSecrets, ownSecrets } from "./secrets.ts";

type Written = Omit<RuleContext, "severities" | "secrets"> & {
  readonly severities: Readonly<Record<string, Severity>>;
  readonly secrets?: OwnSecrets;
};

const contextsShape: Shape<readonly Written[]> = listOf(
  object({
    environment: text(),
    account: text(),
    region: text(),
    circle: object({ accounts: listOf(text()), organization: optional(text()) }),
    secrets: optional(object({ app: text(), listed: listOf(text()) })),
    severities: mapOf(/^/, "a rule", oneOf(...severities)),
  }),
);

export const formatRuleContexts = (contexts: readonly RuleContext[]): string => JSON.stringify(contexts);

/**
 * Completes the document of an earlier version of Kedge: a rule that is not in it has its severity of a protected
 * environment, and without `secrets` the application `app` has only secrets of its own name. Throws `ReleaseDocumentMalformed`.
 */
export function parseRuleContexts(json: string, app: string): readonly RuleContext[] {
  const read = readShape(contextsShape, valueTree(JSON.parse(json)));
  if ("value" in read)
    return read.value.map((each) => ({
      ...{ ...each, severities: completed(each.severities) },
      secrets: each.secrets ?? ownSecrets(app),
    }));
  const seen = `The rules of the release are not whole: ${describeProblems(read.problems)}`;
  throw new ReleaseError("ReleaseDocumentMalformed", seen);
}

const completed = (given: Written["severities"]): RuleContext["severities"] =>
  Object.fromEntries(ruleIds.map((id) => [id, given[id] ?? rules[id].severity.protected])) as Readonly<
    Record<RuleId, Severity>
  >;
