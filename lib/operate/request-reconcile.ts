/** Asks for a reconciliation of lines. The request goes through the central intake queue to each line's anchor. */
import { reconcileRequest } from "#journey/event.ts";
import type { IntakeQueue } from "#ports/intake-queue.ts";
import type { Line } from "#release/names/key.ts";

export const requestReconcile = (
  { intake }: { readonly intake: IntakeQueue },
  lines: readonly Line[],
): Promise<void> => intake.send(lines.map(reconcileRequest));
