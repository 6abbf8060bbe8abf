/** Draws the messages of a dead-letter queue. */
import type { ExplainedDeadLetter } from "#operate/redrive.ts";

export const showDeadLetters = (found: readonly ExplainedDeadLetter[]): string =>
  found.length === 0
    ? "Nothing was given up."
    : [
        ...found.map(({ about, sentAt, why }) => `  ${sentAt}  ${about}\n      ${why}`),
        `${found.length} messages were given up. Have them handled once more with: kedge redrive --go`,
      ].join("\n");
