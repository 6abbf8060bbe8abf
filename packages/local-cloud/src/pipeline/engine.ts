/**
 * Implements CodePipeline's execution model as one pure function: from a state, a command and the time it
 * computes the changed state and the effects. It calls no service; its driver stores the change and carries
 * out the effects.
 */
import type { EngineState, Transition } from "./board.ts";
import type { Declaration } from "./declaration.ts";
import { type Change, openDraft } from "./draft.ts";
import { override } from "./override.ts";
import { progress } from "./progress.ts";
import { type Report, report } from "./report.ts";
import { type RetryMode, retry } from "./retry.ts";
import { rollBack } from "./rollback.ts";
import { settle } from "./settle.ts";
import { type StartRequest, start } from "./start.ts";
import { stop } from "./stop.ts";
import { update } from "./update.ts";

export type Command =
  | ({ readonly kind: "start" } & StartRequest)
  | ({ readonly kind: "report" } & Report)
  | {
      readonly kind: "stop";
      readonly execution: string;
      readonly abandon: boolean;
      readonly reason?: string | undefined;
    }
  | { readonly kind: "retry"; readonly stage: string; readonly execution: string; readonly mode: RetryMode }
  | { readonly kind: "rollback"; readonly stage: string; readonly target: string }
  | {
      readonly kind: "override";
      readonly stage: string;
      readonly execution: string;
      readonly hook: "beforeEntry" | "onSuccess";
    }
  | {
      readonly kind: "transition";
      readonly stage: string;
      readonly side: "inbound" | "outbound";
      readonly transition: Transition;
    }
  | { readonly kind: "update"; readonly declaration: Declaration };

/** `answer` is the id of the execution that the command created or changed. */
export type Applied = Change & { readonly answer: string };

/** Throws AWS's error when the command is not allowed now. The state then stays unchanged. */
export function apply(
  engineState: EngineState,
  command: Command,
  time: { readonly now: Date; readonly newId: () => string },
): Applied {
  const { draft, close } = openDraft(engineState, time);
  let answer = "";
  switch (command.kind) {
    case "start":
      start(draft, command);
      answer = command.id;
      break;
    case "report":
      report(draft, command);
      answer = command.execution;
      break;
    case "stop":
      stop(draft, command.execution, command.abandon, command.reason);
      answer = command.execution;
      break;
    case "retry": {
      retry(draft, command.stage, command.execution, command.mode);
      answer = command.execution;
      const execution = draft.execution(command.execution);
      if (execution !== undefined) progress(draft, execution);
      break;
    }
    case "rollback":
      answer = rollBack(draft, command.stage, command.target);
      break;
    case "override":
      override(draft, command.stage, command.execution, command.hook);
      answer = command.execution;
      break;
    case "transition":
      draft.slot(command.stage)[command.side] = command.transition;
      break;
    case "update":
      update(draft, command.declaration);
      break;
  }
  settle(draft);
  return { ...close(), answer };
}
