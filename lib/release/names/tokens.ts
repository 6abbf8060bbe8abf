/**
 * Tokens and markers by which a line recognises its own work in AWS. A client request token makes a repeated
 * call the same call. A marker names a teardown or a superseded approval.
 */
import { sha256Hex } from "./digest.ts";

const token = (...values: readonly string[]): string =>
  `kedge-${sha256Hex(JSON.stringify(values)).slice(0, 32)}`;

/** Equal input, equal token: a failed stack is tried again only with another version or another plan. */
export const stackToken = (versionId: string, planDigest: string): string =>
  token("stack", versionId, planDigest);

/** `attempt` counts executions that ended before their version was known. */
export const startToken = (versionId: string, planDigest: string, attempt: number): string =>
  token("start", versionId, planDigest, String(attempt));

/** One per message: its redelivery repeats the delete, the next message tries anew. */
export const deleteToken = (what: string, messageId: string): string => token("delete", what, messageId);

/** One per execution: however often its alarms are looked at, the stack is turned back once. */
export const rollbackToken = (execution: string, stack: string): string =>
  token("turn-back", execution, stack);

/** One per execution and stack: a repeated call executes the change set once. */
export const executeToken = (execution: string, stack: string): string => token("execute", execution, stack);

// CodePipeline allows letters, digits, blanks and `!@().*?-` in the reason of a closed transition.
const teardown = "kedge teardown";
const superseded = "kedge superseded";

export const teardownMarker = (versionId: string): string =>
  `${teardown} ${sha256Hex(versionId).slice(0, 12)}`;
/**
 * Names the newer version for readers of the reason. Unlike a transition's reason, it may have any
 * characters.
 */
export const supersededMarker = (versionId: string): string => `${superseded} by version ${versionId}`;

export const isTeardownMarker = (reason: string | undefined): boolean =>
  reason?.startsWith(teardown) ?? false;
export const isSupersededMarker = (reason: string | undefined): boolean =>
  reason?.startsWith(superseded) ?? false;
