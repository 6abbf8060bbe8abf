/**
 * Removes words that are not Kedge's own from the action runs of a release that may use secrets. Results cannot
 * be deleted, and an error text of AWS or of a function may repeat the value of a secret. The words stay in the
 * account they come from; the result says where.
 */
import { codes, type ErrorCode } from "#release/errors/errors.ts";
import { actionNames } from "#release/plan/plan.ts";
import { actionLocation } from "#release/plan/plan-waves.ts";
import { secretUse } from "#release/stack/secret-use.ts";
import { inFull, withoutWords } from "#release/stack/stack-failure.ts";
import type { ActionRun } from "./observation.ts";

/** Applies to the runs of one execution. */
export const withoutForeignWords = (runs: readonly ActionRun[]): readonly ActionRun[] =>
  runs.map((run) => (mayBeCopied(run, runs) ? inWordsOfAws(run) : inOwnWords(run)));

/**
 * Actions that run before CloudFormation resolves a secret, or whose words are a person's. Prepare itself leaves
 * out the reason of a change set that may have a secret.
 */
const ownActions: readonly string[] = [
  actionNames.source,
  actionNames.package,
  actionNames.prepare,
  actionNames.approve,
];

/** Only the Prepare action of the same environment can say that there are no secrets. */
function mayBeCopied(run: ActionRun, runs: readonly ActionRun[]): boolean {
  const { action, environment } = actionLocation(run.stage, run.action);
  if (ownActions.includes(action)) return true;
  return runs.some((other) => {
    const prepared = actionLocation(other.stage, other.action);
    return (
      prepared.action === actionNames.prepare &&
      prepared.environment === environment &&
      other.variables?.[secretUse.variable] === secretUse.none
    );
  });
}

/** CodePipeline's message may contain CloudFormation's reason already; then it is not repeated. */
function inWordsOfAws({ cause, ...run }: ActionRun): ActionRun {
  if (cause === undefined || run.message?.includes(cause.words)) return run;
  return { ...run, message: [run.message, inFull(cause)].filter((text) => text !== undefined).join(" ") };
}

function inOwnWords({ cause, message, ...run }: ActionRun): ActionRun {
  const code = ownCode(message);
  const quoted = code && quoting[code];
  if (message !== undefined && code !== undefined && quoted === undefined) return { ...run, message };
  if (run.status !== "Failed") return run;
  const own = quoted === undefined ? [] : [quoted.exec(message ?? "")?.[0] ?? `${code}:`];
  const location = cause === undefined ? [] : [withoutWords(cause)];
  return { ...run, message: [...own, withheld, ...location].join(" ") };
}

const withheld = "The release may use secrets, so the words of the error stay in the account.";

/** Kedge's own actions begin their message with a code of the table. */
function ownCode(message: string | undefined): ErrorCode | undefined {
  const code = /^([A-Z][A-Za-z]+): /.exec(message ?? "")?.[1];
  return code !== undefined && Object.hasOwn(codes, code) ? (code as ErrorCode) : undefined;
}

/** Messages of these codes quote a function of the team, or CloudFormation, after a colon. */
const quoting: Readonly<Partial<Record<ErrorCode, RegExp>>> = {
  DeploymentFailed:
    /^DeploymentFailed: The (change set of the )?stack \S+( in account \d+)? (is [A-Z_]+|failed):/,
  CallFailed: /^CallFailed: The function \S+ in .{1,100}? failed:/s,
  MigrationFailed: /^MigrationFailed: .{1,400}?, run by [^\s:]+:/s,
};
