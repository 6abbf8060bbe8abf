/** Draws the state of a rollout and the progress of its waves. */
import type { RolloutProgress } from "#operate/templates/roll-out.ts";
import { counted } from "#release/names/counted.ts";
import { formatKey } from "#release/names/key.ts";
import type { Rollout } from "#release/template/template-index.ts";
import { paint } from "./paint.ts";
import { print } from "./print.ts";

/** Prints a line when the numbers have changed. */
export function showProgress(): (progress: RolloutProgress) => void {
  let last = "";
  return ({ wave, done, of, approvals, broken }) => {
    const more = [
      ...(approvals > 0 ? [`, ${counted(approvals, "waits", "wait")} for approval`] : []),
      ...(broken > 0 ? [`, ${counted(broken, "was", "were")} broken before`] : []),
    ];
    const text = `${wave}: ${done} of ${counted(of, "line")}${more.join("")}`;
    if (text !== last) print(text);
    last = text;
  };
}

export function showRollout(wanted: string, rollout: Rollout | undefined): string {
  if (rollout === undefined) return `${wanted.split("@")[0]} was never rolled out.`;
  const { name, from, to, waves, begun, state, why, brokenBefore = [] } = rollout;
  const states: Record<Rollout["state"], string> = {
    moving: `wave ${begun} of ${waves.length} (${waves[begun - 1]?.name ?? "not begun"})`,
    halted: paint("red", `halted in wave ${begun} of ${waves.length}`),
    done: paint("green", "done"),
    "taken-back": "taken back",
  };
  return [
    `${name} ${from.version} → ${to.version}: ${states[state]}`,
    ...(why === undefined ? [] : [`  ${why}`]),
    ...brokenBefore.map(
      (line) =>
        `  broken before: ${formatKey(line)} failed before the rollout began, so it does not halt it.`,
    ),
    ...(state === "halted" ? [`  Take it back with: kedge template rollback ${name}`] : []),
  ].join("\n");
}
