/** Lets waiting executions into free stages until no execution can move any more. */
import type { Draft } from "./draft.ts";
import { enter } from "./enter.ts";
import { progress } from "./progress.ts";

export function settle(draft: Draft): void {
  let moved = true;
  while (moved) {
    const entered = draft.entered.shift();
    if (entered === undefined) moved = admitOne(draft);
    else {
      const execution = draft.execution(entered);
      if (execution !== undefined) progress(draft, execution);
    }
  }
}

/** Goes from the last stage to the first, so that an execution that is ahead stays ahead. */
function admitOne(draft: Draft): boolean {
  const names = draft.declaration.stages.map(({ name }) => name);
  for (let index = names.length - 1; index >= 0; index -= 1) {
    const name = names[index] ?? "";
    const slot = draft.slot(name);
    const before = index === 0 ? undefined : draft.slot(names[index - 1] ?? "");
    const closed = slot.inbound?.enabled === false || before?.outbound?.enabled === false;
    const first = slot.waiting[0];
    if (slot.occupant !== undefined || closed || first === undefined) continue;
    const execution = draft.execution(first);
    slot.waiting.shift();
    if (execution === undefined || execution.place !== "waiting") return true;
    enter(draft, execution);
    return true;
  }
  return admitParallel(draft);
}

/** Executions of PARALLEL mode hold no locks and enter without waiting. */
function admitParallel(draft: Draft): boolean {
  const found = draft.all().find(({ mode, place }) => mode === "PARALLEL" && place === "waiting");
  const execution = found && draft.execution(found.id);
  if (execution === undefined) return false;
  enter(draft, execution);
  return true;
}
