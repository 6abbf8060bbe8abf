/** Derives the needs of people and of their tools from the calls in the code of the commands that they run. */
import type { CallTable } from "#access/calls/call-table.ts";
import { administrator, commandDoor, commands } from "#access/calls/commands.ts";
import { roles } from "#release/names/deployed-names.ts";
import { needsOf } from "./lambda-needs.ts";
import type { Need } from "./need.ts";

export const commandNeeds = (calls: CallTable): readonly Need[] =>
  Object.entries(commands).flatMap(([words, { by }]) =>
    by
      .filter((role) => role !== administrator)
      .flatMap((role) => calledBy(role, calls[commandDoor(words)] ?? [], commandDoor(words))),
  );

const calledBy = (role: string, calls: CallTable[string], by: string): readonly Need[] =>
  calls.flatMap((call) => {
    const { adapter, method } = call;
    if (adapter !== "peopleS3" || method !== "name") return needsOf(role, call, by);
    // The adapter takes a denial as an answer, so it needs no list. A CI shows the ids of people.
    return role === roles.ci ? [] : needsOf(role, { ...call, asksWhetherThere: false }, by);
  });
