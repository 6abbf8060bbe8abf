/** Draws the messages of a dead-letter queue. */
import type { ExplainedDeadLetter } from "#operate/redrive.ts";
import { counted } from "#release/names/counted.ts";

export const showDeadLetters = (found: readonly ExplainedDeadLetter[]): string =>
  found.length === 0
    ? "Nothing was given up."
    : [
        ...found.map(({ about, sentAt, why }) => `  ${sentAt}  ${about}\n      ${why}`),
        `${counted(found.length, "message was", "messages were")} given up. To handle them once more: kedge redrive --go`,
      ].join("\n");
